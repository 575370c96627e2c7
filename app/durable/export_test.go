package durable

// LinkNew lets tests check what is used on file systems without renameat2.
var LinkNew = linkNew
