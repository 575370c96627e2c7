package config

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/joho/godotenv"
)

// RotatedKeys are the settings that Rotate can change, in the order of Config. Each has a setting with the suffix
// PreviousSuffix, which holds the former key until nothing needs it.
var RotatedKeys = []string{"AES_MASTER_KEY", "JWT_SECRET", "PB_ENCRYPTION_KEY"}

// PreviousSuffix is the end of the name of a setting that holds a former key.
const PreviousSuffix = "_PREVIOUS"

// ErrRotating means that a former key is set, so that an earlier rotation isn't finished.
var ErrRotating = errors.New("an earlier rotation is not finished")

// Key returns one of RotatedKeys and the former key, if it is set.
func (c *Config) Key(name string) (current, previous Secret) {
	switch name {
	case "AES_MASTER_KEY":
		return c.AESMasterKey, c.AESMasterKeyPrevious
	case "JWT_SECRET":
		return c.JWTSecret, c.JWTSecretPrevious
	case "PB_ENCRYPTION_KEY":
		return c.PBEncryptionKey, c.PBEncryptionKeyPrevious
	}
	return "", ""
}

// KeyID identifies one of RotatedKeys and reveals nothing about it, so that two processes can find out whether they use
// the same. It is blank if the key isn't set or is malformed.
func (c *Config) KeyID(name string) string {
	current, _ := c.Key(name)
	raw, err := current.Bytes()
	if err != nil || len(raw) == 0 {
		return ""
	}
	sum := sha256.Sum256(slices.Concat([]byte("fathom-to-loom/config/key-id/v1/"+name+"/"), raw))
	return hex.EncodeToString(sum[:8])
}

// Rotation is a change of a .env file.
type Rotation struct {
	Former Secret // the key that the file had
	Text   string // the file with a new key, and with the former one under its other name
}

// Rotate gives a key a new value, which is read from rand, in the text of a .env file, and keeps the former one as
// KEY_PREVIOUS. Everything else stays as it is. Its errors contain no values; ErrRotating is one of them.
func Rotate(text, key string, rand io.Reader) (Rotation, error) {
	generated, err := Generate(rand)
	if err != nil {
		return Rotation{}, err
	}
	fresh := map[string]Secret{
		"AES_MASTER_KEY": generated.AESMasterKey, "JWT_SECRET": generated.JWTSecret, "PB_ENCRYPTION_KEY": generated.PBEncryptionKey,
	}[key]
	if fresh == "" {
		return Rotation{}, fmt.Errorf("%s is not a key that can be rotated: use %s", key, strings.Join(RotatedKeys, ", "))
	}
	before, err := parseDotEnv(text)
	if err != nil {
		return Rotation{}, err
	}
	former := Secret(strings.TrimSpace(before[key]))
	raw, err := former.Bytes()
	switch {
	case !former.IsSet():
		return Rotation{}, fmt.Errorf("the file does not set %s", key)
	case err != nil || len(raw) == 0:
		return Rotation{}, fmt.Errorf("%s in the file is not base64", key)
	case !isBlank(before[key+PreviousSuffix]):
		return Rotation{}, fmt.Errorf("%w: the file sets %s", ErrRotating, key+PreviousSuffix)
	}
	rotated, err := replaceKey(text, key, former, fresh)
	if err != nil {
		return Rotation{}, err
	}
	after, err := parseDotEnv(rotated)
	want := maps.Clone(before)
	want[key], want[key+PreviousSuffix] = fresh.Reveal(), former.Reveal()
	if err != nil || !maps.Equal(want, after) {
		return Rotation{}, fmt.Errorf("the file can't be changed safely: put %s on a line of its own, in single quotes", key)
	}
	return Rotation{Former: former, Text: rotated}, nil
}

// replaceKey replaces the line that sets a key by two lines, and removes empty assignments of the former key.
func replaceKey(text, key string, former, fresh Secret) (string, error) {
	var lines []string
	found := 0
	for line := range strings.SplitSeq(text, "\n") {
		content, isCRLF := strings.CutSuffix(line, "\r")
		end := map[bool]string{true: "\r"}[isCRLF]
		values, _ := godotenv.Unmarshal(strings.TrimPrefix(content, byteOrderMark)) // a part of a longer value is no assignment
		_, setsKey := values[key]
		_, setsFormer := values[key+PreviousSuffix]
		switch {
		case setsKey:
			found++
			mark := map[bool]string{true: byteOrderMark}[strings.HasPrefix(content, byteOrderMark)]
			export := map[bool]string{true: "export "}[strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(content, mark)), "export ")]
			lines = append(lines,
				fmt.Sprintf("%s%s%s='%s'%s", mark, export, key, fresh.Reveal(), end),
				fmt.Sprintf("# Delete this line and %s when \"fathom-to-loom keys rotate %s\" says so.%s", key+PreviousSuffix, key, end),
				fmt.Sprintf("%s%s='%s'%s", export, key+PreviousSuffix, former.Reveal(), end))
		case setsFormer: // it is blank
		default:
			lines = append(lines, line)
		}
	}
	if found != 1 {
		return "", fmt.Errorf("the file sets %s on %d lines instead of one", key, found)
	}
	return strings.Join(lines, "\n"), nil
}

const byteOrderMark = "\ufeff"

func parseDotEnv(text string) (map[string]string, error) {
	values, err := godotenv.Unmarshal(strings.ReplaceAll(strings.TrimPrefix(text, byteOrderMark), "\r\n", "\n"))
	if err != nil { // the error quotes the file
		return nil, errors.New("the file contains a line that is not valid")
	}
	return values, nil
}
