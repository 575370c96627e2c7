package tokens

// NewText returns the text of a token that nobody has created.
func NewText() (string, error) {
	secret, err := newSecret()
	return secret.text, err
}
