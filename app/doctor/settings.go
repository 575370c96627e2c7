package doctor

import (
	"context"
	"errors"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

const correctSetting = "Correct it in the environment or in .env; .env.example explains every setting"

// checkSettings reports everything that a start would report about the settings.
func (e *examination) checkSettings(context.Context) (findings []Finding) {
	for _, warning := range e.App.Config.Warnings() {
		message, advice, found := strings.Cut(warning, "; ")
		if !found {
			message, advice, found = strings.Cut(warning, ": run ")
			advice = "run " + advice
		}
		if !found {
			message, advice = warning, correctSetting
		}
		findings = append(findings, warn(message, upperFirst(advice)))
	}
	err := e.App.Config.Validate()
	invalid, ok := errors.AsType[*config.ValidationError](err)
	if err != nil && !ok {
		return append(findings, fail(err.Error(), correctSetting))
	}
	if ok {
		for _, problem := range invalid.Problems {
			advice := problem.Hint
			if advice == "" {
				advice = correctSetting
			}
			findings = append(findings, fail(problem.Key+" "+problem.Message, advice))
		}
	}
	return orOK(findings, "all settings are valid")
}
