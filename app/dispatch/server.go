package dispatch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
)

// ServerConfig configures a Server. Bus, Cluster, ID, Slots and Move are required.
type ServerConfig struct {
	Bus     bus.Conn
	Cluster string       // the name of the cluster, such as "f2l"
	ID      string       // of this mover, unique in the cluster: letters, digits, - and _
	Version string       // of the program
	Slots   int          // how many moves may run at once
	Logger  *slog.Logger // nil discards

	// Move moves a file and returns the SHA-256 of all its bytes, in hexadecimal. It should return a *Failure; of other errors,
	// owners learn only that it failed, because their texts may contain addresses. ctx ends when the owner doesn't want the
	// move any more (the cause is ErrStopped) and when the Server stops.
	Move func(ctx context.Context, move Move, r Reporter) (sha256 string, err error)

	Beat          time.Duration // between reports; 0 means 2s
	Patience      time.Duration // how long reports may be unanswered; 0 means 10s
	ReportTimeout time.Duration // how long to wait for an answer before a report is repeated; 0 means 2s
	ReportPause   time.Duration // before a report is repeated, growing to ten times that; 0 means 50ms
	NodeInterval  time.Duration // between messages about this mover; 0 means 3s
}

// Server takes offers of owners and runs the moves. It must be created with NewServer.
type Server struct {
	cfg     ServerConfig
	cluster cluster
	group   background.Group // moves, and the messages about this mover

	mu       sync.Mutex
	leave    func() // ends the subscription to offers; nil without one
	busy     int    // slots in use
	stopping bool

	publishing sync.Mutex // so that the last message about this mover is the last
}

// NewServer returns a Server that takes no offers before Start.
func NewServer(cfg ServerConfig) *Server {
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	cfg.Beat = cmp.Or(cfg.Beat, 2*time.Second)
	cfg.Patience = cmp.Or(cfg.Patience, 10*time.Second)
	cfg.ReportTimeout = cmp.Or(cfg.ReportTimeout, 2*time.Second)
	cfg.ReportPause = cmp.Or(cfg.ReportPause, 50*time.Millisecond)
	cfg.NodeInterval = cmp.Or(cfg.NodeInterval, 3*time.Second)
	return &Server{cfg: cfg, cluster: newCluster(cfg.Cluster)}
}

// Start begins to take offers. A stopped Server can't be started again.
func (s *Server) Start(ctx context.Context) error {
	if s.cfg.Bus == nil || s.cfg.Move == nil || !bus.IsName(s.cfg.Cluster) || !isToken(s.cfg.ID) || s.cfg.Slots < 1 || s.cfg.Slots > maxSlots {
		return errors.New("start mover: invalid configuration")
	}
	s.group.Start(ctx)
	if err := s.join(); err != nil {
		s.group.Cancel()
		return fmt.Errorf("start mover: %w", err)
	}
	return s.group.Go(func(ctx context.Context) {
		s.publish()
		background.Every(ctx, s.cfg.NodeInterval, func(ctx context.Context) {
			if err := s.join(); err != nil {
				s.cfg.Logger.WarnContext(ctx, "failed to subscribe to offers of moves", slog.Any("error", err))
			}
			s.publish()
		})
	})
}

// Stop takes no more offers, cancels the running moves, which are reported to their owners as KindStopping, and waits for
// them. It returns ctx.Err if ctx ends first. It may be called more than once and without Start.
func (s *Server) Stop(ctx context.Context) error {
	if !s.group.Running() {
		return s.group.Stop(ctx)
	}
	s.mu.Lock()
	s.stopping = true
	s.leaveQueue()
	s.mu.Unlock()
	s.publish()
	return s.group.Stop(ctx)
}

// join subscribes to offers if a slot is free.
func (s *Server) join() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.leave != nil || s.stopping || s.busy >= s.cfg.Slots {
		return nil
	}
	leave, err := s.cfg.Bus.Subscribe(s.cluster.moves(), moverQueue, s.handleOffer)
	if err != nil {
		return err
	}
	s.leave = leave
	return nil
}

// leaveQueue ends the subscription to offers. An offer that was received before is answered "busy". s.mu must be locked.
func (s *Server) leaveQueue() {
	if s.leave != nil {
		s.leave()
		s.leave = nil
	}
}

// claimSlot reports whether there is a slot for another move. With the last one, the mover leaves the queue, so that offers
// reach only movers with slots.
func (s *Server) claimSlot() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping || s.busy >= s.cfg.Slots {
		return false
	}
	s.busy++
	if s.busy == s.cfg.Slots {
		s.leaveQueue()
	}
	return true
}

func (s *Server) releaseSlot() {
	s.mu.Lock()
	s.busy--
	s.mu.Unlock()
	if err := s.join(); err != nil {
		s.cfg.Logger.Warn("failed to subscribe to offers of moves", slog.Any("error", err)) // tried again with the next message about this mover
	}
}

// publish sends a message about this mover, which has no slots once it is stopping.
func (s *Server) publish() {
	s.publishing.Lock()
	defer s.publishing.Unlock()
	s.mu.Lock()
	node := Node{ID: s.cfg.ID, Version: s.cfg.Version, Slots: s.cfg.Slots, Busy: s.busy}
	if s.stopping {
		node.Slots = 0
	}
	s.mu.Unlock()
	body, err := encode(node)
	if err == nil {
		err = s.cfg.Bus.Publish(s.cluster.node(s.cfg.ID), body)
	}
	if err != nil {
		s.cfg.Logger.Debug("failed to publish the state of the mover", slog.Any("error", err)) // repeated soon
	}
}
