package config

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"filippo.io/age"
	"github.com/pocketbase/pocketbase/tools/cron"
)

// BackupKeep is how many backups are kept: the newest of each of the last so many days, weeks and months that have one. The
// zero value keeps all backups.
type BackupKeep struct{ Days, Weeks, Months int }

var errBackupKeep = errors.New("not a number of days, weeks and months")

const maxBackupKeep = 10_000

// UnmarshalText implements encoding.TextUnmarshaler. It accepts 0, and numbers with the units d, w and m, each at most once.
func (k *BackupKeep) UnmarshalText(text []byte) error {
	var parsed BackupKeep
	if string(text) == "0" {
		*k = parsed
		return nil
	}
	units := map[byte]*int{'d': &parsed.Days, 'w': &parsed.Weeks, 'm': &parsed.Months}
	for _, item := range splitList(string(text)) {
		last := len(item) - 1
		count := units[item[last]]
		n, err := strconv.Atoi(item[:last])
		if err != nil || count == nil || *count != 0 || n < 1 || n > maxBackupKeep {
			return errBackupKeep
		}
		*count = n
	}
	if parsed == (BackupKeep{}) {
		return errBackupKeep
	}
	*k = parsed
	return nil
}

// Cron is when something runs: a cron expression of five fields, or blank for never.
type Cron string

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Cron) UnmarshalText(text []byte) error {
	if string(text) == "off" {
		*c = ""
		return nil
	}
	if _, err := cron.NewSchedule(string(text)); err != nil {
		return errors.New("not a cron expression")
	}
	*c = Cron(text)
	return nil
}

// S3Access is what a client of a bucket needs.
type S3Access struct {
	Endpoint, Bucket, Region, Prefix string
	AccessKey, SecretKey             Secret
	PathStyle                        bool
}

// BackupEnabled reports whether there is a destination for backups.
func (c *Config) BackupEnabled() bool { return c.BackupDir != "" || c.BackupS3Bucket != "" }

// BackupS3 returns the access to BACKUP_S3_BUCKET: what isn't set comes from the S3_ settings.
func (c *Config) BackupS3() S3Access {
	access := S3Access{
		Endpoint: c.BackupS3Endpoint, Bucket: c.BackupS3Bucket, Region: c.BackupS3Region, Prefix: c.BackupS3Prefix,
		AccessKey: cmp.Or(c.BackupS3AccessKey, c.S3AccessKey), SecretKey: cmp.Or(c.BackupS3SecretKey, c.S3SecretKey),
		PathStyle: c.BackupS3PathStyle,
	}
	if access.Endpoint == "" {
		access.Endpoint, access.PathStyle = c.S3Endpoint, c.S3PathStyle
		access.Region = cmp.Or(c.BackupS3Region, c.S3Region)
	}
	return access
}

// checkBackup requires one destination at most, and a key that encrypts what is written there.
func (v *checker) checkBackup() {
	c := v.config
	v.checkBackupKeys()
	v.require("BACKUP_S3_BUCKET", c.BackupS3Bucket == "" || bucketName.MatchString(c.BackupS3Bucket))
	v.require("BACKUP_S3_ENDPOINT", c.BackupS3Endpoint == "" || !notOrigin(c.BackupS3Endpoint))
	v.require("BACKUP_S3_PATH_STYLE", c.BackupS3PathStyle || !isIPEndpoint(c.BackupS3Endpoint))
	v.require("BACKUP_S3_REGION", c.BackupS3Region == "" || hostName.MatchString(c.BackupS3Region))
	v.require("BACKUP_S3_PREFIX", c.BackupS3Prefix == "" || len(c.BackupS3Prefix) <= maxS3Prefix && s3Prefix.MatchString(c.BackupS3Prefix))
	v.pair("BACKUP_S3_ACCESS_KEY", c.BackupS3AccessKey.IsSet(), "BACKUP_S3_SECRET_KEY", c.BackupS3SecretKey.IsSet())
	if !c.BackupEnabled() {
		return
	}
	if c.BackupDir != "" && c.BackupS3Bucket != "" {
		p := invalid("BACKUP_DIR")
		p.Hint = "Backups have one destination: unset either BACKUP_DIR or BACKUP_S3_BUCKET"
		v.add(p)
	}
	if !c.BackupKey.IsSet() && len(c.BackupRecipients) == 0 {
		p := missing("BACKUP_KEY")
		p.Hint = "Backups are always encrypted. Generate a key with: fathom-to-loom keys generate | grep ^BACKUP_KEY="
		v.add(p)
	}
	if c.BackupDir != "" {
		v.checkBackupDir()
		return
	}
	access := c.BackupS3()
	for key, value := range map[string]string{
		"BACKUP_S3_ENDPOINT": access.Endpoint, "BACKUP_S3_ACCESS_KEY": access.AccessKey.Reveal(), "BACKUP_S3_SECRET_KEY": access.SecretKey.Reveal(),
	} {
		if value == "" {
			p := missing(key)
			p.Hint = fmt.Sprintf("Or set %s", strings.TrimPrefix(key, "BACKUP_"))
			v.add(p)
		}
	}
	if access.Endpoint == c.S3Endpoint && access.Bucket == c.S3Bucket && prefixesCollide(access.Prefix, c.S3Prefix) {
		p := invalid("BACKUP_S3_PREFIX")
		p.Hint = "It must differ from S3_PREFIX, and neither may be within what the other contains, because the bucket is the one of the recordings"
		v.add(p)
	}
}

// databaseFolder matches the folders of recordings, which are named after user databases.
var databaseFolder = regexp.MustCompile(`^\d{4}-\d\d-\d\d-`)

// prefixesCollide reports whether backups and recordings would have keys in the same folders of a bucket. Both are swept: what no backup
// or no database names is deleted there.
func prefixesCollide(backups, recordings string) bool {
	backups, recordings = strings.Trim(backups, "/"), strings.Trim(recordings, "/")
	if backups == recordings {
		return true
	}
	if inside, ok := below(recordings, backups); ok {
		folder, _, _ := strings.Cut(inside, "/")
		return slices.Contains([]string{"objects", "sets", "owner"}, folder)
	}
	inside, ok := below(backups, recordings)
	return ok && databaseFolder.MatchString(inside)
}

// below returns the rest of a prefix that is within another one.
func below(prefix, outer string) (rest string, ok bool) {
	if outer == "" {
		return prefix, true
	}
	return strings.CutPrefix(prefix, outer+"/")
}

func (v *checker) checkBackupKeys() {
	c := v.config
	if c.BackupKey.IsSet() {
		_, err := age.ParseIdentities(strings.NewReader(c.BackupKey.Reveal()))
		v.require("BACKUP_KEY", err == nil)
	}
	if len(c.BackupRecipients) > 0 {
		_, err := age.ParseRecipients(strings.NewReader(strings.Join(c.BackupRecipients, "\n")))
		v.require("BACKUP_RECIPIENTS", err == nil)
	}
}

// checkBackupDir requires a folder that doesn't share the fate of the data: a restore moves the data directories' content.
func (v *checker) checkBackupDir() {
	backups, err := realPath(v.config.BackupDir)
	for _, dir := range []string{v.config.DataDir, v.config.UserDBsDir} {
		data, dataErr := realPath(dir)
		v.require("BACKUP_DIR", err == nil && dataErr == nil && !within(data, backups))
	}
}
