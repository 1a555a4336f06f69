package bleveindex

import (
	"errors"
	"testing"

	bleve "github.com/blevesearch/bleve_index_api"

	"agora/index"
)

func TestOpenSchema(t *testing.T) {
	for stored, want := range map[string]error{
		`{"store":"s","sequence":1,"schema":2,"vocabulary":"x"}`: index.ErrSchema,
		`{"store":"s","sequence":1,"schema":1,"vocabulary":"x"}`: index.ErrSchema,
		`nonsense`: index.ErrDamaged,
	} {
		dir := t.TempDir()
		e, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		batch := bleve.NewBatch()
		batch.SetInternal([]byte(stateKey), []byte(stored))
		if err := e.scorch.Batch(batch); err != nil {
			t.Fatal(err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), dir, Options{}); !errors.Is(err, want) {
			t.Errorf("%s: %v", stored, err)
		}
	}
}
