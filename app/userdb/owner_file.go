package userdb

// OwnerFile is the name of the file in the folder of a database that says whose database it is.
const OwnerFile = "owner.json"
