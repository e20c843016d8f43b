package client

import "context"

// What follows is declared for the contract and built next.

func (e *Engine) Export(context.Context) (Exporting, error) {
	return Exporting{}, failure(CodeRefused, nil)
}
func (e *Engine) ExportNext(context.Context) (Chunk, error) {
	return Chunk{}, failure(CodeRefused, nil)
}
func (e *Engine) Erase(context.Context) error { return failure(CodeRefused, nil) }
