package client

import "context"

// CreateGroup begins a group with who the handles point to.
func (e *Engine) CreateGroup(context.Context, string, []string) (Conversation, error) {
	return Conversation{}, failure(CodeRefused, nil)
}

func (e *Engine) Members(context.Context, string) ([]Member, error) {
	return nil, failure(CodeRefused, nil)
}
func (e *Engine) AddMembers(context.Context, string, []string) error {
	return failure(CodeRefused, nil)
}
func (e *Engine) RemoveMember(context.Context, string, string) error {
	return failure(CodeRefused, nil)
}
func (e *Engine) SetRole(context.Context, string, string, string) error {
	return failure(CodeRefused, nil)
}
func (e *Engine) MemberContact(context.Context, string, string) (Contact, error) {
	return Contact{}, failure(CodeRefused, nil)
}
func (e *Engine) VerifyMember(context.Context, string, string, bool) error {
	return failure(CodeRefused, nil)
}
func (e *Engine) Rename(context.Context, string, string) error { return failure(CodeRefused, nil) }
func (e *Engine) Leave(context.Context, string) error          { return failure(CodeRefused, nil) }
func (e *Engine) RenewKeys(context.Context, string) error      { return failure(CodeRefused, nil) }
func (e *Engine) MakeLink(context.Context, string, int64, int64) (Link, error) {
	return Link{}, failure(CodeRefused, nil)
}
func (e *Engine) Links(context.Context, string) ([]Link, error) {
	return nil, failure(CodeRefused, nil)
}
func (e *Engine) RevokeLink(context.Context, string, string) error { return failure(CodeRefused, nil) }
func (e *Engine) JoinGroup(context.Context, string) (Conversation, error) {
	return Conversation{}, failure(CodeRefused, nil)
}
func (e *Engine) CancelJoin(context.Context, string) error { return failure(CodeRefused, nil) }
