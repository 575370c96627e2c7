package config

import (
	"errors"
	"slices"
)

// SignUp determines who may create an account.
type SignUp string

// Values of SignUp.
const (
	SignUpOpen     SignUp = "open"     // everybody
	SignUpInvite   SignUp = "invite"   // people whose address a superuser has invited
	SignUpVerified SignUp = "verified" // everybody, but the first sign-in requires a verified address
	SignUpClosed   SignUp = "closed"   // superusers only
)

var errSignUp = errors.New("not a way to sign up")

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *SignUp) UnmarshalText(text []byte) error {
	value := SignUp(text)
	if !slices.Contains([]SignUp{SignUpOpen, SignUpInvite, SignUpVerified, SignUpClosed}, value) {
		return errSignUp
	}
	*s = value
	return nil
}
