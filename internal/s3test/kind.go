package s3test

import (
	"net/http"
	"strings"
)

// Kind is an operation of the S3 API, with the name that Amazon gives it.
type Kind string

// The kinds of requests.
const (
	PutObject               Kind = "PutObject"
	GetObject               Kind = "GetObject"
	HeadObject              Kind = "HeadObject"
	DeleteObject            Kind = "DeleteObject"
	DeleteObjects           Kind = "DeleteObjects"
	ListObjects             Kind = "ListObjects"
	HeadBucket              Kind = "HeadBucket"
	CreateMultipartUpload   Kind = "CreateMultipartUpload"
	UploadPart              Kind = "UploadPart"
	CompleteMultipartUpload Kind = "CompleteMultipartUpload"
	AbortMultipartUpload    Kind = "AbortMultipartUpload"
	ListParts               Kind = "ListParts"
	ListMultipartUploads    Kind = "ListMultipartUploads"
	Preflight               Kind = "OPTIONS"
	Other                   Kind = "other"
)

func kindOf(r *http.Request) Kind {
	query := r.URL.Query()
	_, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case r.Method == http.MethodOptions:
		return Preflight
	case query.Has("uploadId"):
		return map[string]Kind{
			"PUT": UploadPart, "POST": CompleteMultipartUpload, "DELETE": AbortMultipartUpload, "GET": ListParts,
		}[r.Method]
	case query.Has("uploads"):
		return map[string]Kind{"POST": CreateMultipartUpload, "GET": ListMultipartUploads}[r.Method]
	case key != "":
		return map[string]Kind{"PUT": PutObject, "GET": GetObject, "HEAD": HeadObject, "DELETE": DeleteObject}[r.Method]
	case query.Has("delete"):
		return DeleteObjects
	case query.Has("list-type"):
		return ListObjects
	case r.Method == http.MethodHead:
		return HeadBucket
	default:
		return Other
	}
}
