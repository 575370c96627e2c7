package dispatch

import (
	"log/slog"
	"time"
)

// failures counts the movers in a row that failed without storing a part.
type failures struct{ all, storage int }

// next counts a failure. It returns whether to offer the move again, and after which pause.
func (f *failures) next(o *Owner, failure *Failure, stored bool) (pause time.Duration, again bool) {
	switch failure.Kind {
	case KindMore, KindStopping, KindAddresses, KindSilent, KindInvalid, KindStorage:
	default:
		return 0, false
	}
	if stored {
		*f = failures{}
		if failure.Kind == KindStorage {
			return o.failing.Delay(1), true
		}
		return 0, true
	}
	f.all++
	if failure.Kind == KindStorage {
		f.storage++
	}
	if f.all >= o.cfg.MaxOffers || f.storage >= o.cfg.MaxStorage {
		return 0, false
	}
	if failure.Kind == KindStopping {
		return 0, true // another mover takes the next offer
	}
	return o.failing.Delay(f.all), true
}

// levelOf returns whether a failure is worth an operator's attention. What a mover says about Fathom or the storage is: if
// it is wrong, the mover's network is broken.
func levelOf(failure *Failure) slog.Level {
	switch failure.Kind {
	case KindMore:
		return slog.LevelDebug
	case KindStopping, KindAddresses, KindLinkExpired, KindRestart:
		return slog.LevelInfo
	default:
		return slog.LevelWarn
	}
}

func logAttrs(task uint64, failure *Failure) []slog.Attr {
	return []slog.Attr{
		slog.Uint64("move", task), slog.String("kind", string(failure.Kind)), slog.Int("status", failure.Status),
		slog.String("detail", failure.Detail),
	}
}
