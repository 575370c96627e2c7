package cli

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
)

func userdbBundle(a *app.App) *cobra.Command {
	var output string
	var request operator.BundleRequest
	var meetings []int
	command := &cobra.Command{
		Use: "bundle NAME", Short: "Copy meetings to a zip archive of ordinary files", Args: requireArgs(1, 1, "one user database"),
		Long: "Copy meetings to a zip archive of ordinary files: recordings, captions, notes and transcripts\n" +
			"in Markdown, JSON and an index. Without --meeting and --filter, it contains all meetings. A filter\n" +
			"is written as for the API: recorded_at >= '2026-01-01' && title ~ 'Sales'.",
		Example: "  fathom-to-loom userdb bundle johndoe@example.com --output john.zip\n" +
			"  fathom-to-loom userdb bundle johndoe@example.com --meeting 1001 --meeting 1002 --without-video --output -\n" +
			"  fathom-to-loom userdb bundle johndoe@example.com --filter \"recorded_at >= '2026-01-01'\" --output 2026.zip",
		RunE: func(command *cobra.Command, names []string) error {
			if err := refuseJSON(command); err != nil {
				return err
			}
			if output == "" {
				return errors.New("specify --output FILE, or --output - for standard output")
			}
			if len(meetings) > 0 && request.Filter != "" {
				return errors.New("specify --meeting or --filter, not both")
			}
			request.Name = names[0]
			for _, id := range meetings {
				request.Meetings = append(request.Meetings, int64(id))
			}
			return writeArchive(command, output, func(ctx context.Context, to io.Writer) error {
				return withOwner(ctx, a, false, func(client *control.Client) error {
					return operator.BundleMeetings(ctx, client, request, to)
				})
			})
		},
	}
	flags := command.Flags()
	flags.IntSliceVar(&meetings, "meeting", nil, "recording `id` of a meeting; may be repeated")
	flags.StringVar(&request.Filter, "filter", "", "select the meetings that match an `expression`")
	flags.BoolVar(&request.WithoutVideo, "without-video", false, "leave out recordings")
	flags.StringVar(&output, "output", "", "file to create, or - for standard output")
	hideJSONFlag(command)
	return command
}
