package terminals

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"runtime"
	"strconv"
	"syscall"
)

// ChildName is how the agent calls its own program to become the shell of a terminal.
const ChildName = "terminal-child"

// What the child is born with: its line to the agent, its letter, which tells what it is to become, and from there on
// the container's namespaces.
const (
	lineFd       = 3
	letterFd     = 4
	namespacesFd = 5
)

// saysGo is the agent's only word: the child stands in all groups now.
const saysGo = 'g'

// What the child says, each a message of its own.
const (
	saysMaster = 'm' // with the terminal's master end
	saysReady  = 'r' // with the program's name: the next thing it does is to become it
	saysFailed = 'f' // with a failure as JSON
)

// birth is all that the child is told.
type birth struct {
	Container string `json:"container"`
	// The names of the namespaces that it has, in their order.
	Namespaces   []string       `json:"namespaces"`
	Command      []string       `json:"command"`
	Shells       []string       `json:"shells"`
	Env          []string       `json:"env"`
	Cwd          string         `json:"cwd"`
	User         string         `json:"user"`
	GroupAdd     []string       `json:"groupAdd"`
	Account      account        `json:"account"`
	HasFirst     bool           `json:"hasFirst"`
	Umask        int            `json:"umask"`
	Capabilities capabilitySets `json:"capabilities"`
	NoNewPrivs   bool           `json:"noNewPrivs"`
	Apparmor     string         `json:"apparmor"`
	Filter       *filter        `json:"filter"`
	Limits       limits         `json:"limits"`
	Size         size           `json:"size"`
}

type size struct {
	Cols uint16 `json:"cols"`
	Rows uint16 `json:"rows"`
}

// failure is why the child did not become the program.
type failure struct {
	// Refused: the engine's exec is to do it.
	Refused *refusal `json:"refused,omitempty"`
	// NoUser and NoProgram are the person's.
	NoUser    string `json:"noUser,omitempty"`
	NoProgram string `json:"noProgram,omitempty"`
	Why       string `json:"why,omitempty"`
}

// maxBirthBytes: an environment has at most some hundred KB, a filter 32.
const maxBirthBytes = 8 << 20

func init() {
	// What the child sets is of its thread: only the first one's lasts over execve without a detour.
	if len(os.Args) > 1 && os.Args[1] == ChildName {
		runtime.LockOSThread()
	}
}

// Child is the whole life of the child: it never returns.
func Child() {
	// Nobody in the container may look into us while we still have the agent's rights.
	_ = prctl(prSetDumpable, 0, 0)
	err := closeAllOnExec()
	if err == nil {
		err = becomeProgram()
	}
	told, marshalErr := json.Marshal(failureOf(err))
	if marshalErr == nil {
		_, _ = syscall.Write(lineFd, append([]byte{saysFailed}, told...))
	}
	os.Exit(1)
}

// closeAllOnExec leaves the program nothing but its terminal: also not what core, or who started it, had open and
// handed on without knowing.
func closeAllOnExec() error {
	names, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err
	}
	for _, name := range names {
		if fd, err := strconv.Atoi(name.Name()); err == nil && fd > 2 {
			syscall.CloseOnExec(fd)
		}
	}
	return nil
}

func failureOf(err error) failure {
	var user *noSuchUser
	var program *noProgram
	switch {
	case errors.As(err, &user):
		return failure{NoUser: user.user, Why: err.Error()}
	case errors.As(err, &program):
		return failure{NoProgram: program.name, Why: err.Error()}
	case refusalOf(err) != nil:
		return failure{Refused: refusalOf(err)}
	default:
		return failure{Refused: &refusal{reasonLimits, err.Error()}}
	}
}

func becomeProgram() error {
	b, err := readBirth()
	if err != nil {
		return err
	}
	// The order is the runtime's: what needs rights first, then they go, then the program.
	if err := b.enter(); err != nil {
		return err
	}
	if err := b.chooseAccount(); err != nil {
		return err
	}
	if err := b.openTerminal(); err != nil {
		return err
	}
	isInFolder, err := b.becomeUser()
	if err != nil {
		return err
	}
	if !isInFolder {
		if err := os.Chdir(b.Cwd); err != nil {
			return refuse(reasonFolder, "%v", err)
		}
	}
	return b.exec()
}

// readBirth waits for the agent's word and reads the letter.
func readBirth() (*birth, error) {
	word := make([]byte, 1)
	for {
		count, err := syscall.Read(lineFd, word)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || count != 1 || word[0] != saysGo {
			return nil, refuse(reasonTime, "the agent is gone, %v", err)
		}
		break
	}
	letter := os.NewFile(letterFd, "letter")
	defer letter.Close()
	text, err := io.ReadAll(io.NewSectionReader(letter, 0, maxBirthBytes))
	if err != nil {
		return nil, err
	}
	var b birth
	return &b, json.Unmarshal(text, &b)
}

// chooseAccount resolves a user that was asked for, in the container's own files, and HOME.
func (b *birth) chooseAccount() error {
	if b.User != "" {
		found, err := findAccount(b.User, b.GroupAdd, b.HasFirst)
		var unknown *noSuchUser
		if err != nil && !errors.As(err, &unknown) {
			return refuse(reasonUser, "%v", err)
		}
		if err != nil {
			return err
		}
		b.Account = found
	}
	if home, _ := lookUp(b.Env, "HOME"); home == "" {
		b.Env = without(b.Env, "HOME", "HOME="+homeOf(b.Account.UID), true)
	}
	return nil
}

// becomeUser gives up all that the container does not have. It tells whether it stands in the program's folder.
func (b *birth) becomeUser() (bool, error) {
	syscall.Umask(b.Umask)
	isInFolder := os.Chdir(b.Cwd) == nil
	if err := b.Limits.apply(); err != nil {
		return false, err
	}
	if err := b.label(); err != nil {
		return false, err
	}
	// Without no_new_privs the filter needs CAP_SYS_ADMIN, which is about to go.
	if b.Filter != nil && !b.NoNewPrivs {
		if err := b.Filter.install(); err != nil {
			return false, refuse(reasonSeccomp, "%v", err)
		}
	}
	if err := b.Capabilities.dropBounding(); err != nil {
		return false, refuse(reasonCapabilities, "bounding: %v", err)
	}
	if err := b.switchUser(); err != nil {
		return false, refuse(reasonUser, "%v", err)
	}
	if err := b.Capabilities.apply(); err != nil {
		return false, refuse(reasonCapabilities, "%v", err)
	}
	return isInFolder, nil
}

// exec becomes the program; what it returns is why it did not.
func (b *birth) exec() error {
	path, argv, err := b.program()
	if err != nil {
		return err
	}
	if b.NoNewPrivs {
		if err := prctl(prNoNewPrivs, 1, 0); err != nil {
			return refuse(reasonCapabilities, "no_new_privs: %v", err)
		}
		if b.Filter != nil {
			if err := b.Filter.install(); err != nil {
				return refuse(reasonSeccomp, "%v", err)
			}
		}
	}
	if _, err := syscall.Write(lineFd, append([]byte{saysReady}, argv[0]...)); err != nil {
		return err
	}
	return &noProgram{argv[0], syscall.Exec(path, argv, b.Env)}
}
