package notify

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
)

// UnsubscribePath is the path of the route that ends mail of one group. Its parameter token is enough to do so.
const UnsubscribePath = "/api/unsubscribe"

// ErrUnsubscribeToken means that a token was not issued by this server.
var ErrUnsubscribeToken = errors.New("unknown token to unsubscribe")

func unsubscribeKey(secret []byte) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "fathom-to-loom/unsubscribe/v1", 32)
	if err != nil {
		return nil, fmt.Errorf("derive key of unsubscribe links: %w", err)
	}
	return key, nil
}

// unsubscribeURL returns the link in mail of a group. It never expires, as people read old mail.
func (s *Service) unsubscribeURL(userID, group string) string {
	token := userID + "|" + group + "|" + string(unsubscribeMAC(s.key, userID, group))
	return s.baseURL + UnsubscribePath + "?token=" + base64.RawURLEncoding.EncodeToString([]byte(token))
}

func unsubscribeMAC(key []byte, userID, group string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(userID + "|" + group))
	return mac.Sum(nil)
}

// ParseUnsubscribe returns the user and the group of mail that a token is for, or ErrUnsubscribeToken.
func (s *Service) ParseUnsubscribe(token string) (userID, group string, err error) {
	decoded, err := base64.RawURLEncoding.DecodeString(token)
	parts := strings.SplitN(string(decoded), "|", 3)
	if err != nil || len(parts) != 3 {
		return "", "", ErrUnsubscribeToken
	}
	isValid := func(key []byte) bool {
		return len(key) > 0 && hmac.Equal([]byte(parts[2]), unsubscribeMAC(key, parts[0], parts[1]))
	}
	if !isValid(s.key) && !isValid(s.previous) {
		return "", "", ErrUnsubscribeToken
	}
	return parts[0], parts[1], nil
}

// Unsubscribe ends mail of a group to a user. It restores the user's database if that is archived.
func (s *Service) Unsubscribe(ctx context.Context, userID, group string) error {
	db, err := s.databases.AcquireForJob(ctx, userID)
	if err != nil {
		return err
	}
	defer db.Release()
	return preferences.Unsubscribe(db.App, group)
}
