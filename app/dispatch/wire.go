package dispatch

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

const (
	version    = "1" // of the protocol
	moverQueue = "movers"

	answerAccepted = "accepted"
	answerBusy     = "busy"
	answerRefused  = "refused"
	answerOK       = "ok"
	answerStop     = "stop"

	maxReport  = 8 << 10   // bytes of a report, which contains no addresses
	maxOffer   = 900 << 10 // bytes of an offer; NATS allows 1 MB
	maxToken   = 64        // characters of a name in a subject
	maxDetail  = 200       // bytes
	maxAddress = 8 << 10   // bytes
)

// offer is the body of a request to {n}.move. It names the owner by what the subject of the reports consists of, so that
// nobody can make a mover send messages elsewhere.
type offer struct {
	Boot   string          `json:"boot"`
	Task   uint64          `json:"task"`
	Number uint64          `json:"offer"`
	Move   json.RawMessage `json:"move"` // encoded once for many offers
}

// The kinds of reports.
const (
	reportBeat   = "beat"
	reportPart   = "part"
	reportDone   = "done"
	reportFailed = "failed"
)

// report is what a mover says about a move.
type report struct {
	Kind    string   `json:"kind"`
	Run     string   `json:"run"`             // random for each accepted offer
	Done    int64    `json:"done"`            // bytes of the file that have arrived, including those before the first part
	Part    *Part    `json:"part,omitempty"`  // of reportPart
	SHA256  string   `json:"sha256,omitzero"` // of reportDone, hexadecimal
	Failure *Failure `json:"failure,omitempty"`
}

// cluster is the first part of all subjects.
type cluster string

func newCluster(name string) cluster { return cluster(Prefix(name)) }

// Prefix is what the subjects of a cluster begin with, such as f2l.1: its name and the version of the protocol.
func Prefix(name string) string { return name + "." + version }

func (c cluster) moves() string           { return string(c) + ".move" }
func (c cluster) node(id string) string   { return string(c) + ".node." + id }
func (c cluster) reports(b string) string { return string(c) + ".o." + b + ".*.*" }

func (c cluster) report(boot string, task, number uint64) string {
	return string(c) + ".o." + boot + "." + strconv.FormatUint(task, 10) + "." + strconv.FormatUint(number, 10)
}

// parseReport returns the task and the offer that the subject of a report names, or zeros.
func parseReport(subject string) (task, number uint64) {
	tokens := strings.Split(subject, ".")
	if len(tokens) < 2 {
		return 0, 0
	}
	task, err := strconv.ParseUint(tokens[len(tokens)-2], 10, 64)
	if err != nil {
		return 0, 0
	}
	if number, err = strconv.ParseUint(tokens[len(tokens)-1], 10, 64); err != nil {
		return 0, 0
	}
	return task, number
}

// isToken reports whether s can be part of a subject.
func isToken(s string) bool {
	if s == "" || len(s) > maxToken {
		return false
	}
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
		default:
			return false
		}
	}
	return true
}

// encode returns the JSON of a message. Addresses are full of ampersands, which json.Marshal would write as \u0026.
func encode(message any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(message); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}
