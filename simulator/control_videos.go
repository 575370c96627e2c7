package simulator

import "net/http"

// controlChangeVideo handles PATCH loom/videos/{id}, the counterpart of SetPrivate and SetTitle. Unlike
// SetPrivate, it can also make a private video public.
func (s *Server) controlChangeVideo(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Private bool   `json:"private"`
		Title   string `json:"title"`
	}
	if !decodeControl(w, r, &in) {
		return
	}
	err := s.videos.change(r.PathValue("id"), func(v *Video) {
		v.Private = in.Private
		if in.Title != "" {
			v.Title = in.Title
		}
	})
	if err != nil {
		writeError(w, http.StatusNotFound, err.Error())
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
