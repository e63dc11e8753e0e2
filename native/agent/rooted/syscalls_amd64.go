package rooted

const (
	sysNewfstatat = 262
	sysReadlinkat = 267
)
