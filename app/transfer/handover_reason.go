package transfer

// handoverReason says why a recording was handed over to its owner. It is the field "handover" of the transfer, which each
// hand-over sets, and which means nothing in other states.
type handoverReason string

const (
	handoverUnable   handoverReason = ""         // the server could not upload the recording, but may be able to later
	handoverChosen   handoverReason = "chosen"   // the owner has chosen to upload it
	handoverDoubtful handoverReason = "doubtful" // the owner may have uploaded it already; the note says why
)
