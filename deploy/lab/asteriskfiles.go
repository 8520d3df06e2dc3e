package lab

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	asteriskconfig "linekeeper/asterisk-config"
)

// Asterisk in a chroot sees nothing above it, so a lab's files lie inside the
// root filesystem, in labs/<hash of the lab's folder>, and the lab's folder
// links to them. No mount, no copy of the program, any number of labs.

// inside is the files' path as Asterisk sees it.
func (a *Asterisk) inside(inst installation) string {
	if inst.root == "/" {
		return a.Files()
	}
	sum := sha256.Sum256([]byte(a.Dir))
	return fmt.Sprintf("/labs/%x", sum[:6])
}

// place makes the files' folder and Dir's link to it. It also clears away what
// removed labs left behind.
func (a *Asterisk) place(inst installation) (inside string, err error) {
	if a.Dir, err = filepath.Abs(a.Dir); err != nil {
		return "", err
	}
	if err := os.MkdirAll(a.Dir, 0o755); err != nil {
		return "", err
	}
	inside = a.inside(inst)
	if inst.root == "/" {
		return inside, os.MkdirAll(a.Files(), 0o755)
	}
	if err := pruneLabs(inst.root); err != nil {
		return "", err
	}
	outside := filepath.Join(inst.root, inside)
	if err := os.MkdirAll(outside, 0o755); err != nil {
		return "", err
	}
	if err := writeFile(filepath.Join(outside, "owner"), []byte(a.Dir+"\n"), 0o644); err != nil {
		return "", err
	}
	if target, err := os.Readlink(a.Files()); err == nil && target == outside {
		return inside, nil
	}
	return inside, errors.Join(removeFile(a.Files()), os.Symlink(outside, a.Files()))
}

// pruneLabs removes the files of labs whose folder is gone, such as a test's
// temp folder.
func pruneLabs(root string) error {
	owners, _ := filepath.Glob(filepath.Join(root, "labs", "*", "owner"))
	for _, f := range owners {
		b, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		if _, err := os.Lstat(strings.TrimSpace(string(b))); !errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err := os.RemoveAll(filepath.Dir(f)); err != nil {
			return fmt.Errorf("clear away a removed lab: %w", err)
		}
	}
	return nil
}

// fill writes everything Asterisk reads and makes the folders it writes to.
func (a *Asterisk) fill(inst installation, p asteriskconfig.Params) error {
	files := a.Files()
	for _, dir := range []string{"etc", "lib/keys", "data/sounds", "spool/recording", "run", "log"} {
		if err := os.MkdirAll(filepath.Join(files, dir), 0o755); err != nil {
			return err
		}
	}
	if err := linkAll(inst, "/usr/share/asterisk", filepath.Join(files, "data"), "sounds"); err != nil {
		return err
	}
	sounds := filepath.Join(files, "data", "sounds")
	// Debian names the voices; fr exists only as a package's alternative.
	for language, voice := range map[string]string{"fr": "fr_CA_f_June", "en": "en_US_f_Allison"} {
		if err := linkAll(inst, "/usr/share/asterisk/sounds/"+voice, filepath.Join(sounds, language), ""); err != nil {
			return err
		}
	}
	if err := asteriskconfig.WritePrompts(sounds); err != nil {
		return err
	}
	return asteriskconfig.Render(filepath.Join(files, "etc"), p)
}

// linkAll links each entry of the installation's folder from into to: the
// lab adds its own sounds beside the shared ones. Links are written as
// Asterisk sees them.
func linkAll(inst installation, from, to, except string) error {
	entries, err := os.ReadDir(filepath.Join(inst.root, from))
	if err != nil {
		return fmt.Errorf("sounds and documents of Asterisk are missing, install asterisk-core-sounds-fr-wav and -en-wav: %w", err)
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == except {
			continue
		}
		err := os.Symlink(filepath.Join(from, e.Name()), filepath.Join(to, e.Name()))
		if err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}

// modules finds the folder of Asterisk's modules, as Asterisk sees it.
func (i installation) modules() (string, error) {
	for _, pattern := range []string{"usr/lib/*/asterisk/modules", "usr/lib/asterisk/modules", "usr/lib64/asterisk/modules"} {
		if found, _ := filepath.Glob(filepath.Join(i.root, pattern)); len(found) > 0 {
			rel, err := filepath.Rel(i.root, found[0])
			return "/" + rel, err
		}
	}
	return "", fmt.Errorf("no Asterisk modules below %s", i.root)
}

// music finds the music on hold, as Asterisk sees it.
func (i installation) music() string { return "/usr/share/asterisk/moh" }
