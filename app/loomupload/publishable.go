package loomupload

import "slices"

// The file is sent between two operations, and in vain if the second one can't be told what it requires. Its inputs are
// therefore checked twice before that: when nothing is known but the recording, and with the answer of the first one.

// checkPublish returns a *[Problem] if publishing requires something that the recording should say, but doesn't. Whatever
// else it requires may be in the answers to come.
func (c catalog) checkPublish(known values) error {
	publish, err := c.find(opPublish)
	if err != nil {
		return err
	}
	_, _, err = fillUntil(publish.Name, publish.InputSchema, known, nil, func(_ string, m meaning) bool {
		return m == "" || slices.Contains(ofFirst, m) || slices.Contains(ofHost, m)
	})
	return err
}

// What the answers say that come before the publication.
var (
	ofFirst = []meaning{meansVideo} // of the first operation; that of the upload host, if the first one doesn't
	ofHost  = []meaning{meansFile, meansParts, meansPartNumber, meansETag}

	// hostNames are names of what upload hosts answer with, in addition, as simplify returns them.
	hostNames = []string{"uploadid", "etag", "key", "objectkey", "filekey", "versionid", "checksum"}
)

// requirePublishable returns a *[Problem] if publishing requires something that neither the recording, nor the answer of
// the first operation, nor the upload host can say.
func (r *run) requirePublishable(t *ticket) error {
	publish, err := r.line.catalog.find(opPublish)
	if err != nil {
		return err
	}
	isMissing := t.video == ""
	_, err = r.fillPublish(publish, func(name string, m meaning) bool {
		return isMissing && slices.Contains(ofFirst, m) || slices.Contains(ofHost, m) || m == "" && slices.Contains(hostNames, name)
	})
	return err
}
