package loom

// TitlesAgree lets the tests compare titles without a server.
var TitlesAgree = titlesAgree
