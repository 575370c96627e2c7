package simulator

import (
	"fmt"
	"time"
)

// describe returns what step 1 answers about sending the file, without an id. The names of the keys are guesses, except
// those of the curl command, which follow the attachments of Jira.
func (u *upload) describe(base string) map[string]any {
	address := base + atlassianUploadPath + u.secret
	answer := map[string]any{}
	switch u.form {
	case UploadMultipart:
		answer["upload"] = map[string]any{
			"url": address, "method": "POST", "fileField": "file",
			"fields": map[string]string{"key": "uploads/" + u.ID + "/" + u.FileName, "policy": "simulated", "x-amz-signature": u.key},
		}
	case UploadCurl:
		answer["uploadCommand"] = fmt.Sprintf("curl --location --request POST '%s?name=%s' \\\n  --header 'Authorization: Bearer %s' \\\n"+
			"  --header 'Content-Type: application/octet-stream' \\\n  --data-binary '@%s'", address, u.ID, u.key, u.FileName)
		answer["instructions"] = "Run the command within 5 minutes, then call publishLoomVideo."
		return answer
	case UploadParts:
		parts := make([]map[string]any, len(u.parts))
		for i := range parts {
			parts[i] = map[string]any{"partNumber": i + 1, "url": fmt.Sprintf("%s/parts/%d", address, i+1)}
		}
		answer["upload"] = map[string]any{"method": "PUT", "partSize": u.partSize, "parts": parts}
	default:
		answer["upload"] = map[string]any{
			"url": address, "method": "PUT", "headers": map[string]string{"Content-Type": u.contentType(), "x-upload-signature": u.key},
		}
	}
	answer["expiresAt"] = u.Expires.UTC().Format(time.RFC3339)
	return answer
}

// contentType returns the type that the client must send.
func (u *upload) contentType() string {
	if u.ContentType == "" {
		return "video/mp4"
	}
	return u.ContentType
}
