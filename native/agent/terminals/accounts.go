package terminals

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// account is who a program runs as.
type account struct {
	UID, GID uint32
	Groups   []uint32
}

// The files of an image may be anything: no more than this is read of them.
const maxAccountBytes = 4 << 20

type passwdLine struct {
	name     string
	uid, gid uint32
	home     string
}

type groupLine struct {
	name    string
	gid     uint32
	members []string
}

// readLines gives the fields of each line of a file of the container, which is nothing but a regular file to us.
func readLines(path string, give func(fields []string)) error {
	fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err == syscall.ENOENT {
		return nil
	}
	if err != nil {
		return err
	}
	file := os.NewFile(uintptr(fd), path)
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	lines := bufio.NewScanner(io.LimitReader(file, maxAccountBytes))
	lines.Buffer(nil, maxAccountBytes)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && line[0] != '#' {
			give(strings.Split(line, ":"))
		}
	}
	return lines.Err()
}

func readPasswd(path string) ([]passwdLine, error) {
	all := []passwdLine{}
	err := readLines(path, func(fields []string) {
		if len(fields) < 6 {
			return
		}
		uid, uidErr := parseID(fields[2])
		gid, gidErr := parseID(fields[3])
		if uidErr == nil && gidErr == nil {
			all = append(all, passwdLine{fields[0], uid, gid, fields[5]})
		}
	})
	return all, err
}

func readGroup(path string) ([]groupLine, error) {
	all := []groupLine{}
	err := readLines(path, func(fields []string) {
		if len(fields) < 3 {
			return
		}
		if gid, err := parseID(fields[2]); err == nil {
			one := groupLine{name: fields[0], gid: gid}
			if len(fields) > 3 {
				one.members = strings.Split(fields[3], ",")
			}
			all = append(all, one)
		}
	})
	return all, err
}

func parseID(text string) (uint32, error) {
	id, err := strconv.ParseInt(text, 10, 32)
	if err != nil || id < 0 {
		return 0, syscall.EINVAL
	}
	return uint32(id), nil
}

// noSuchUser is a person's word that the container does not know.
type noSuchUser struct{ user string }

func (e *noSuchUser) Error() string { return "no user " + e.user }

// findAccount reads "user", "uid", "user:group" or "uid:gid" as the engine does: a number is never a name, and needs no
// line in the files. The first group stands among the others where the engine puts it there.
func findAccount(user string, added []string, hasFirst bool) (account, error) {
	users, err := readPasswd("/etc/passwd")
	if err != nil {
		return account{}, err
	}
	groups, err := readGroup("/etc/group")
	if err != nil {
		return account{}, err
	}
	userPart, groupPart, _ := strings.Cut(user, ":")
	found, name, err := userOf(users, userPart)
	if err != nil {
		return account{}, err
	}
	if groupPart != "" {
		if found.GID, err = groupOf(groups, groupPart); err != nil {
			return account{}, err
		}
	}
	if hasFirst {
		found.Groups = append(found.Groups, found.GID)
	}
	if groupPart == "" && name != "" {
		for _, group := range groups {
			if contains(group.members, name) {
				found.Groups = append(found.Groups, group.gid)
			}
		}
	}
	for _, one := range added {
		gid, err := addedGroupOf(groups, one)
		if err != nil {
			return account{}, err
		}
		found.Groups = append(found.Groups, gid)
	}
	return found, nil
}

func userOf(users []passwdLine, user string) (account, string, error) {
	uid, isNumber, err := numberOf(user)
	if err != nil {
		return account{}, "", &noSuchUser{user}
	}
	for _, line := range users {
		if isNumber && line.uid == uid || !isNumber && line.name == user {
			return account{UID: line.uid, GID: line.gid}, line.name, nil
		}
	}
	if !isNumber {
		return account{}, "", &noSuchUser{user}
	}
	return account{UID: uid}, "", nil
}

func groupOf(groups []groupLine, group string) (uint32, error) {
	gid, isNumber, err := numberOf(group)
	if err != nil {
		return 0, &noSuchUser{group}
	}
	for _, line := range groups {
		if !isNumber && line.name == group {
			return line.gid, nil
		}
	}
	if !isNumber {
		return 0, &noSuchUser{group}
	}
	return gid, nil
}

// addedGroupOf is for the groups that a container was made with: of these the engine takes the first line that has
// the name or the number.
func addedGroupOf(groups []groupLine, group string) (uint32, error) {
	for _, line := range groups {
		if line.name == group || strconv.FormatUint(uint64(line.gid), 10) == group {
			return line.gid, nil
		}
	}
	return groupOf(nil, group)
}

// numberOf tells whether a text is a number to the engine, also one that is nobody's: that is an error.
func numberOf(text string) (id uint32, isNumber bool, err error) {
	if _, err := strconv.Atoi(text); err != nil {
		return 0, false, nil
	}
	id, err = parseID(text)
	return id, true, err
}

// homeOf is what the runtime sets HOME to where the environment has none.
func homeOf(uid uint32) string {
	users, err := readPasswd("/etc/passwd")
	if err != nil {
		return "/"
	}
	for _, line := range users {
		if line.uid == uid {
			return line.home
		}
	}
	return "/"
}

func contains(all []string, one string) bool {
	for _, each := range all {
		if each == one {
			return true
		}
	}
	return false
}
