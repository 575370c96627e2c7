package durable

// LinkNew lets tests check the way that file systems without renameat2 take.
var LinkNew = linkNew
