package simulator

import (
	"net/http"
	"strings"
)

// apiPrefix is the path of the Fathom External API, https://developers.fathom.ai/api-reference/openapi.yaml.
const apiPrefix = "/external/v1"

// controlPrefix is where tests in other languages steer the simulator; faults never apply below it, but for the upload
// endpoint, which stands for Loom's own.
const (
	controlPrefix = "/_simulator/"
	uploadPath    = controlPrefix + "loom/upload"
)

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()

	for pattern, h := range map[string]apiHandler{
		"GET /meetings":                             s.getMeetings,
		"GET /meeting_types":                        s.getMeetingTypes,
		"GET /teams":                                s.getTeams,
		"GET /team_members":                         s.getTeamMembers,
		"GET /users":                                s.getUsers,
		"GET /recordings/{recording_id}/summary":    s.getSummary,
		"GET /recordings/{recording_id}/transcript": s.getTranscript,
		"POST /recordings/{recording_id}/download":  s.postDownload,
		"GET /recordings/{recording_id}/downloads/{download_id}": s.getDownload,
		"POST /webhooks":        s.postWebhook,
		"DELETE /webhooks/{id}": s.deleteWebhook,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		mux.Handle(method+" "+apiPrefix+path, s.api(h))
	}
	mux.Handle(apiPrefix+"/", s.api(func(w http.ResponseWriter, _ *http.Request, _ client) {
		writeError(w, http.StatusNotFound, "no such endpoint")
	}))
	mux.HandleFunc("GET /media/{token}", s.getMedia)

	mux.HandleFunc("GET /{$}", s.getHome)
	mux.HandleFunc("GET /login", s.getLogin)
	mux.HandleFunc("GET /looms/videos", s.getVideos)
	mux.HandleFunc("GET /share/{id}", s.getShare)
	mux.HandleFunc("GET /embed/{id}", s.getShare)
	mux.HandleFunc("GET /thumbnails/{id}", s.getThumbnail)
	mux.HandleFunc("GET /v1/oembed", s.getOEmbed)
	mux.HandleFunc("POST "+uploadPath, s.postUpload)

	s.bindControl(mux)
	return s.entrance(mux)
}

// entrance is what every request passes: it is counted, logged, and meets the fault that was put there for it.
func (s *Server) entrance(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.life.enter() {
			http.Error(w, "the simulator has stopped", http.StatusServiceUnavailable)
			return
		}
		defer s.life.active.Done()

		if strings.HasPrefix(r.URL.Path, controlPrefix) && r.URL.Path != uploadPath {
			next.ServeHTTP(w, r)
			return
		}
		out := &responseWriter{ResponseWriter: w, request: r, life: s.life.ctx, entry: s.log.add(r, s.cfg.Now()), log: s.log}
		if f, ok := s.faults.take(r); ok {
			out.fault = f
			if f.strike(out, r) {
				return
			}
		}
		next.ServeHTTP(out, r)
		out.finish()
	})
}
