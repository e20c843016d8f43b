package e2e

import (
	"fmt"
	"slices"
)

// message is a message as the screen shows it.
type message struct {
	Text  string
	Own   bool
	Words string // its state as screen readers say it; empty for those of others
}

const messagesScript = `[...document.querySelectorAll('sotto-message')].map((m) => ({
	Text: m.querySelector('.text').textContent,
	Own: m.hasAttribute('data-own'),
	Words: m.querySelector('.state')?.getAttribute('aria-label')?.trim() ?? '',
}))`

// messages gives the messages that are drawn, oldest first.
func (p *tab) messages() []message {
	all, err := eval[[]message](p, messagesScript)
	if err != nil {
		return nil // the page is on its way to another one
	}
	return all
}

// texts gives the messages' texts, own ones after "> ".
func (p *tab) texts() []string {
	var texts []string
	for _, m := range p.messages() {
		if m.Own {
			m.Text = "> " + m.Text
		}
		texts = append(texts, m.Text)
	}
	return texts
}

// shows waits until exactly these texts are drawn, own ones after "> ".
func (p *tab) shows(texts ...string) {
	p.t.Helper()
	if !within(func() bool { return slices.Equal(p.texts(), texts) }) {
		p.t.Fatalf("%s sees %q, want %q", p.name, p.texts(), texts)
	}
}

// status waits until an own message is said to be in a state.
func (p *tab) status(text, words string) {
	p.t.Helper()
	holds := func() bool {
		return slices.ContainsFunc(p.messages(), func(m message) bool { return m.Own && m.Text == text && m.Words == words })
	}
	if !within(holds) {
		p.t.Fatalf("%s: %q is not %q; messages: %+v", p.name, text, words, p.messages())
	}
}

// notices gives the codes of the notices that are drawn.
func (p *tab) notices() []string {
	codes, err := eval[[]string](p, `[...document.querySelectorAll('sotto-notice')].map((n) => n.dataset.code)`)
	if err != nil {
		return nil
	}
	return codes
}

// noticed waits until a notice stands in the timeline and gives its words.
func (p *tab) noticed(code string) string {
	p.t.Helper()
	p.until("a notice of "+code, fmt.Sprintf(`document.querySelector('sotto-notice[data-code="%s"]') !== null`, code))
	return p.read(fmt.Sprintf(`document.querySelector('sotto-notice[data-code="%s"]').innerText`, code))
}

// unread gives the number beside someone's name in the list, "" where there is none.
func (p *tab) unread(name string) string {
	return p.read(fmt.Sprintf(`(() => {
		const badge = document.querySelector('sotto-list a[href="#/with/%s"] .badge');
		return badge?.checkVisibility() ? badge.innerText : '';
	})()`, name))
}

// title waits for the page's title.
func (p *tab) title(want string) {
	p.t.Helper()
	p.until("the title is "+want, "document.title === "+quote(want))
}

// box is where an element stands.
type box struct{ Left, Top, Right, Bottom float64 }

// box gives where the element that a script finds stands.
func (p *tab) box(find string) box {
	p.t.Helper()
	b, err := eval[box](p, fmt.Sprintf(`(({ left, top, right, bottom }) => ({ Left: left, Top: top, Right: right, Bottom: bottom }))(
		(%s).getBoundingClientRect())`, find))
	if err != nil {
		p.t.Fatalf("%s: where is %s: %v", p.name, find, err)
	}
	return b
}

// withText finds the drawn message with a text.
func withText(text string) string {
	return fmt.Sprintf(`[...document.querySelectorAll('sotto-message')].find((m) => m.querySelector('.text').textContent === %s)`, quote(text))
}

// marks gives the lines between messages: days, and the one above what is new.
func (p *tab) marks() []string {
	marks, err := eval[[]string](p, `[...document.querySelectorAll('sotto-timeline .day, sotto-timeline .unread')].map((m) => m.innerText)`)
	if err != nil {
		return nil
	}
	return marks
}
