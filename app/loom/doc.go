// Package loom is the Loom end of a transfer: it names files so that Loom titles
// them well, decides whether Loom would take a recording, delivers it through an
// [Uploader], and checks a share link against what was to be delivered.
//
// Loom has no public API to upload a video
// (https://support.atlassian.com/loom/docs/does-loom-have-an-open-api/). What it
// has is oEmbed for one public video, which is all that [Client] calls. The
// default uploader, [Handover], leaves the upload to the person.
//
// Everything here is safe for concurrent use. The package must not read the
// environment, must not invent Loom endpoints, and must not follow a link a user
// pasted: only its video id is taken from it.
package loom
