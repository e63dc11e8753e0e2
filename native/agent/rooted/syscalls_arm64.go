package rooted

const (
	sysNewfstatat = 79
	sysReadlinkat = 78
)
