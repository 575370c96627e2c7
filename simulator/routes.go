package simulator

import (
	"net/http"
	"strings"
)

// apiPrefix is the path of the Fathom External API, https://developers.fathom.ai/api-reference/openapi.yaml.
const apiPrefix = "/external/v1"

// controlPrefix is the path below which tests in other languages control the simulator. Faults do not
// apply there, except to uploadPath, which represents Loom's own upload endpoint.
const (
	controlPrefix = "/_simulator/"
	uploadPath    = controlPrefix + "loom/upload"
)

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()

	handleAPI := func(pattern string, h apiHandler) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.Handle(method+" "+apiPrefix+path, s.authenticated(h))
	}
	handleAPI("GET /meetings", s.getMeetings)
	handleAPI("GET /meeting_types", s.getMeetingTypes)
	handleAPI("GET /teams", s.getTeams)
	handleAPI("GET /team_members", s.getTeamMembers)
	handleAPI("GET /users", s.getUsers)
	handleAPI("GET /recordings/{recording_id}/summary", s.getSummary)
	handleAPI("GET /recordings/{recording_id}/transcript", s.getTranscript)
	handleAPI("POST /recordings/{recording_id}/download", s.postDownload)
	handleAPI("GET /recordings/{recording_id}/downloads/{download_id}", s.getDownload)
	handleAPI("POST /webhooks", s.postWebhook)
	handleAPI("DELETE /webhooks/{id}", s.deleteWebhook)
	mux.Handle(apiPrefix+"/", s.authenticated(func(w http.ResponseWriter, _ *http.Request, _ client) {
		writeError(w, http.StatusNotFound, "no such endpoint")
	}))
	mux.HandleFunc("GET /media/{token}", s.getMedia)

	mux.HandleFunc("GET /{$}", s.getHomePage)
	mux.HandleFunc("GET /login", s.getLoginPage)
	mux.HandleFunc("GET /looms/videos", s.getVideosPage)
	mux.HandleFunc("GET /share/{id}", s.getSharePage)
	mux.HandleFunc("GET /embed/{id}", s.getSharePage)
	mux.HandleFunc("GET /thumbnails/{id}", s.getThumbnail)
	mux.HandleFunc("GET /v1/oembed", s.getOEmbed)
	mux.HandleFunc("POST "+uploadPath, s.postUpload)

	if s.atlassian != nil {
		s.bindAtlassian(mux)
	}
	s.bindControl(mux)
	return s.middleware(mux)
}

// middleware counts and logs every request and applies the fault injected for it, if there is one. Control
// requests are only counted.
func (s *Server) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.life.beginRequest() {
			http.Error(w, "the simulator has stopped", http.StatusServiceUnavailable)
			return
		}
		defer s.life.active.Done()

		if strings.HasPrefix(r.URL.Path, controlPrefix) && r.URL.Path != uploadPath {
			next.ServeHTTP(w, r)
			return
		}
		out := &responseWriter{
			ResponseWriter: w, request: r, stopped: s.life.ctx.Done(),
			entry: s.log.add(r, s.cfg.Now()), log: s.log,
		}
		if f, ok := s.faults.next(r); ok {
			out.fault = f
			if f.apply(out) {
				return
			}
		}
		next.ServeHTTP(out, r)
		out.finish()
	})
}
