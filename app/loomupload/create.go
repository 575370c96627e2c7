package loomupload

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/dustin/go-humanize"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

// transfer brings the file to Loom. An upload whose address has been lost, with an earlier process or because it has
// expired, is begun again, once in a run.
func (r *run) transfer(ctx context.Context) error {
	if r.state.Stage == StageCreated {
		found, err := r.adoptEarlier(ctx)
		if err != nil || found {
			return err
		}
		r.state.giveUp()
	}
	for attempt := 1; ; attempt++ {
		t, err := r.create(ctx)
		if err != nil {
			return err
		}
		if err := r.requirePublishable(t); err != nil {
			return err
		}
		err = r.send(ctx, t)
		expired, ok := errors.AsType[*expiredError](err)
		if !ok {
			return err
		}
		r.state.FailedStarts++
		if attempt == 2 || r.state.FailedStarts >= maxFailedStarts {
			return r.notAccepted(expired)
		}
		r.uploads.logger.InfoContext(ctx, "the address of an upload to loom has expired", "error", err)
		r.state.giveUp()
	}
}

// create is the first step: it tells Loom about the file, and learns how to send it.
func (r *run) create(ctx context.Context) (*ticket, error) {
	if r.wasCreating {
		r.state.addNote("An earlier attempt ended while it was being started. If Loom shows an empty video of this recording, you can delete it.")
		r.wasCreating = false
	}
	if r.state.StartedAt.IsZero() {
		r.state.StartedAt = r.uploads.now().UTC()
	}
	if err := r.line.load(ctx); err != nil {
		return nil, err
	}
	operation, err := r.line.catalog.find(opCreate)
	if err != nil {
		return nil, err
	}
	known := uploadValues(r.recording, r.options).with(values{meansSite: text(r.line.catalog.site)})
	inputs, placed, err := fill(operation.Name, operation.InputSchema, known, nil)
	if err != nil {
		return nil, err
	}
	if err := r.line.catalog.checkPublish(known); err != nil {
		return nil, err
	}
	r.state.Title = sentTitle(placed)
	r.state.Stage = StageCreating
	if err := r.save(); err != nil {
		return nil, err
	}
	answer, err := r.line.call(ctx, opCreate, false, func(atlassian.Operation) (map[string]any, error) { return inputs, nil })
	if err != nil {
		return nil, r.createFailed(ctx, err)
	}
	t, err := readTicket(answer, fileOf(r.recording))
	if err != nil {
		return nil, err
	}
	r.keep(t)
	return t, r.save()
}

// sentTitle returns the title that the video will have: the one that was sent, or what Loom makes of the file's name.
func sentTitle(placed placed) string {
	if title := placed.text(meansTitle); title != "" {
		return title
	}
	name := firstText(placed.text(meansFileName), placed.text(meansFilePath))
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// keep records what a ticket says. Parts that were sent for the same upload needn't be sent again.
func (r *run) keep(t *ticket) {
	named := withoutSecrets(t.named)
	same := t.video != "" && slices.ContainsFunc(r.state.GivenUp, func(id string) bool { return id == t.video }) && maps.Equal(named, r.state.Named)
	if !same {
		r.state.Parts = nil
	}
	if same {
		r.state.GivenUp = slices.DeleteFunc(slices.Clone(r.state.GivenUp), func(id string) bool { return id == t.video })
	}
	r.state.Stage, r.state.RemoteID, r.state.Named = StageCreated, t.video, named
	r.named = t.named
}

// uploadValues is what is known about a recording that is to be uploaded. A folder is a step of its own, because a
// folder that no longer exists must not prevent the upload.
func uploadValues(recording loom.Recording, options loom.Options) values {
	f := fileOf(recording)
	v := values{
		meansTitle:       {plain: recording.Expectation().UploadTitle(), shorten: true},
		meansFileName:    text(f.name),
		meansFilePath:    text(plainName(f.name)),
		meansSize:        {plain: f.size, tooLarge: tooLarge(f.size)},
		meansContentType: contentTypeValue(filepath.Ext(f.name)),
		meansVisibility:  visibilityValue(options.Visibility),
	}
	if seconds := int64(recording.Duration.Round(time.Second) / time.Second); seconds > 0 {
		v[meansSeconds] = value{plain: seconds, tooLarge: tooLong}
		v[meansMillis] = value{plain: recording.Duration.Milliseconds(), tooLarge: tooLong}
	}
	if options.Folder != "" {
		v[meansFolder] = value{plain: options.Folder, ifRequired: true}
	}
	return v
}

// plainName returns a file name without characters that a shell would interpret. A server that is told a path puts it into a
// command, and may not quote it well. The title doesn't depend on it.
func plainName(name string) string {
	ext := filepath.Ext(name)
	plain := strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_' || c == '.' {
			return c
		}
		return '-'
	}, strings.TrimSuffix(name, ext))
	if plain = strings.Trim(plain, "-."); plain == "" {
		plain = "recording"
	}
	return plain + ext
}

func tooLarge(size int64) func(float64) error {
	return func(limit float64) error {
		return refuse(ReasonSize, fmt.Sprintf("The file has %s, and Loom's upload accepts at most %s.", humanize.Bytes(uint64(size)), humanize.Bytes(uint64(limit))))
	}
}

func tooLong(float64) error {
	return refuse(ReasonLength, "The recording is longer than Loom's upload accepts.")
}

func fileOf(recording loom.Recording) file {
	name := filepath.Base(recording.FileName)
	return file{name: name, size: recording.Size, contentType: contentTypeValue(filepath.Ext(name)).plain.(string)}
}
