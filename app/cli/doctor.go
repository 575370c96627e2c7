package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/doctor"
)

func doctorCommand(a *app.App) *cobra.Command {
	command := &cobra.Command{
		Use: "doctor", Short: "Find out what is wrong with an installation", Args: cobra.NoArgs,
		Long: "Find out what is wrong with an installation, and what to do: settings, keys, permissions, disks, open\n" +
			"files, the clock, ports, the reverse proxy, the services that the server depends on, the schema of\n" +
			"databases, orphaned files, backups and the copy for a standby. It works with and without a running\n" +
			"server, also if the server can't start, and takes at most fifteen seconds.\n\n" +
			"Run it as the user that runs the server, with the same settings. It changes nothing, sends no mail,\n" +
			"and prints no secrets. In S3 it stores a small object, which it removes. The exit code is 1 if a\n" +
			"check fails; warnings don't change it.",
		Example: "  fathom-to-loom doctor\n  fathom-to-loom doctor --json",
		RunE: func(command *cobra.Command, _ []string) error {
			report, err := doctor.Run(command.Context(), doctor.Config{App: a})
			if err != nil {
				return err
			}
			if err := write(command, report, writeReport); err != nil {
				return err
			}
			if report.Failures > 0 {
				return fmt.Errorf("%s", countChecks(report.Failures, "failed"))
			}
			return nil
		},
	}
	addJSONFlag(command)
	return command
}

// writeReport prints the findings, the most serious last, and what to do below each.
func writeReport(to io.Writer, report doctor.Report) error {
	width := 0
	for _, finding := range report.Findings {
		width = max(width, len(finding.Check))
	}
	for _, finding := range report.BySeverity() {
		fmt.Fprintf(to, "%-4s  %-*s  %s\n", finding.Status, width, finding.Check, finding.Message)
		if finding.Advice != "" {
			fmt.Fprintf(to, "%s-> %s\n", strings.Repeat(" ", width+8), finding.Advice)
		}
	}
	_, err := fmt.Fprintf(to, "\n%d ok, %d warnings, %d failed (version %s)\n", report.OK, report.Warnings, report.Failures, report.Version)
	return err
}

func countChecks(n int, what string) string {
	if n == 1 {
		return "1 check " + what
	}
	return fmt.Sprintf("%d checks %s", n, what)
}
