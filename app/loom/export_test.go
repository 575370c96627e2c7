package loom

// TitlesAgree compares titles without a server.
var TitlesAgree = titlesAgree
