package operator

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/fathom-to-loom/fathom-to-loom/app/control"
)

// SuperuserRequest selects a superuser by e-mail address.
type SuperuserRequest struct {
	Email     string   `json:"email,omitempty"`
	Password  string   `json:"password,omitempty"`  // CreateSuperuser, UpsertSuperuser and UpdateSuperuser only; never logged
	Addresses []string `json:"addresses,omitempty"` // LimitSuperusers only: IP addresses and subnets; empty removes the limit
}

// SuperuserChange is the response to operations that change a superuser.
type SuperuserChange struct {
	Email   string `json:"email"`
	Created bool   `json:"created,omitempty"` // false if the superuser existed
}

// OneTimePassword is the response to CreateOneTimePassword.
type OneTimePassword struct {
	Email    string        `json:"email"`
	ID       string        `json:"id"`
	Password string        `json:"password"`
	ValidFor time.Duration `json:"valid_for"`
}

// SuperuserLimit is the response to LimitSuperusers.
type SuperuserLimit struct {
	Addresses []string `json:"addresses"` // empty if there is no limit
}

// Operations on superusers. The server's hooks run for each, so that the sessions and streams of a superuser
// who is changed or deleted end at once.
var (
	CreateSuperuser       = Operation[SuperuserRequest, SuperuserChange]{Name: "superuser/create"}
	UpsertSuperuser       = Operation[SuperuserRequest, SuperuserChange]{Name: "superuser/upsert"}
	UpdateSuperuser       = Operation[SuperuserRequest, SuperuserChange]{Name: "superuser/update"}
	DeleteSuperuser       = Operation[SuperuserRequest, SuperuserChange]{Name: "superuser/delete"}
	CreateOneTimePassword = Operation[SuperuserRequest, OneTimePassword]{Name: "superuser/otp"}
	LimitSuperusers       = Operation[SuperuserRequest, SuperuserLimit]{Name: "superuser/ips"}
)

func bindSuperusers(server *control.Server, cfg Config) {
	s := superusers{cfg.App}
	CreateSuperuser.bindOne(server, s.create)
	UpsertSuperuser.bindOne(server, s.upsert)
	UpdateSuperuser.bindOne(server, s.update)
	DeleteSuperuser.bindOne(server, s.delete)
	CreateOneTimePassword.bindOne(server, s.createOneTimePassword)
	LimitSuperusers.bindOne(server, s.limit)
}

// superusers runs the operations.
type superusers struct{ app core.App }

var errNoSuperuser = errors.New("there is no such superuser")

// find returns a superuser, or errNoSuperuser.
func (s superusers) find(email string) (*core.Record, error) {
	superuser, err := s.app.FindAuthRecordByEmail(core.CollectionNameSuperusers, email)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("%w: %s", errNoSuperuser, email)
	}
	if err != nil {
		return nil, fmt.Errorf("find superuser %q: %w", email, err)
	}
	return superuser, nil
}

func (s superusers) create(ctx context.Context, request SuperuserRequest) (SuperuserChange, error) {
	collection, err := s.app.FindCachedCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return SuperuserChange{}, fmt.Errorf("find the collection of superusers: %w", err)
	}
	superuser := core.NewRecord(collection)
	superuser.SetEmail(request.Email)
	err = s.save(ctx, superuser, request.Password)
	return SuperuserChange{Email: request.Email, Created: true}, err
}

func (s superusers) update(ctx context.Context, request SuperuserRequest) (SuperuserChange, error) {
	superuser, err := s.find(request.Email)
	if err != nil {
		return SuperuserChange{}, err
	}
	err = s.save(ctx, superuser, request.Password)
	return SuperuserChange{Email: request.Email}, err
}

func (s superusers) upsert(ctx context.Context, request SuperuserRequest) (SuperuserChange, error) {
	change, err := s.update(ctx, request)
	if errors.Is(err, errNoSuperuser) {
		return s.create(ctx, request)
	}
	return change, err
}

func (s superusers) save(ctx context.Context, superuser *core.Record, password string) error {
	superuser.SetPassword(password)
	if err := s.app.SaveWithContext(ctx, superuser); err != nil {
		return fmt.Errorf("save superuser %q: %w", superuser.Email(), err)
	}
	return nil
}

func (s superusers) delete(ctx context.Context, request SuperuserRequest) (SuperuserChange, error) {
	superuser, err := s.find(request.Email)
	if err != nil {
		return SuperuserChange{}, err
	}
	if err := s.app.DeleteWithContext(ctx, superuser); err != nil {
		return SuperuserChange{}, fmt.Errorf("delete superuser %q: %w", request.Email, err)
	}
	return SuperuserChange{Email: request.Email}, nil
}

func (s superusers) createOneTimePassword(ctx context.Context, request SuperuserRequest) (OneTimePassword, error) {
	superuser, err := s.find(request.Email)
	if err != nil {
		return OneTimePassword{}, err
	}
	settings := superuser.Collection().OTP
	if !settings.Enabled {
		return OneTimePassword{}, errors.New("one-time passwords are disabled: enable them for the collection _superusers in the admin UI")
	}
	created := OneTimePassword{
		Email: request.Email, Password: security.RandomStringWithAlphabet(settings.Length, "1234567890"),
		ValidFor: time.Duration(settings.Duration) * time.Second,
	}
	otp := core.NewOTP(s.app)
	otp.SetCollectionRef(superuser.Collection().Id)
	otp.SetRecordRef(superuser.Id)
	otp.SetPassword(created.Password)
	if err := s.app.SaveWithContext(ctx, otp); err != nil {
		return OneTimePassword{}, fmt.Errorf("create a one-time password for %q: %w", request.Email, err)
	}
	created.ID = otp.Id
	return created, nil
}

// limit changes a copy of the settings, so that addresses that are refused don't stay in effect.
func (s superusers) limit(ctx context.Context, request SuperuserRequest) (SuperuserLimit, error) {
	settings, err := s.app.Settings().Clone()
	if err != nil {
		return SuperuserLimit{}, fmt.Errorf("copy PocketBase's settings: %w", err)
	}
	settings.SuperuserIPs = append([]string{}, request.Addresses...)
	if err := s.app.SaveWithContext(ctx, settings); err != nil {
		return SuperuserLimit{}, fmt.Errorf("save the addresses of superusers: %w", err)
	}
	return SuperuserLimit{Addresses: settings.SuperuserIPs}, nil
}
