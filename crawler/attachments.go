package crawler

import (
	"context"
	"slices"

	"agora/crawler/keeper"
	"agora/index"
)

// planAttachments plans visits to the documents that the pass's releases link.
func (p *pass) planAttachments(ctx context.Context) error {
	linked := p.linked
	p.linked = nil
	if len(linked) == 0 {
		return nil
	}
	addresses := make([]string, len(linked))
	for i, v := range linked {
		addresses[i] = v.Address
	}
	known, err := p.Store.Visits(ctx, p.office.ID, addresses)
	if err != nil {
		return err
	}
	var plan []index.Visit
	for _, v := range linked {
		if !slices.Contains(p.linkers[v.Address], v.ReleaseID) {
			p.linkers[v.Address] = append(p.linkers[v.Address], v.ReleaseID)
		}
		if _, held := known[v.Address]; !held {
			known[v.Address] = v // linked by several releases
			plan = append(plan, v)
		}
	}
	if len(plan) == 0 {
		return nil
	}
	p.show(func(o *OfficeProgress) { o.Planned += len(plan) })
	return p.Store.SaveVisits(ctx, plan)
}

// keepAttachment keeps the bytes of a document; they are not read yet.
func (p *pass) keepAttachment(a asked) {
	v := a.visit
	doc := documentOf(a.answer)
	v.SHA256, v.Payload, v.Captured = doc.SHA256, warcDigest(a.answer), a.answer.Captured
	p.settle(&v, index.OutcomeOK, a)
	item := keeper.Item{Exchanges: a.answer.Hops, Kind: index.PageAttachment, Media: doc.MediaType(), Office: p.office.ID, Visits: []*index.Visit{&v}}
	item.Done = func(_ keeper.Item, _ index.Saved, err error) {
		p.locked(func() {
			p.note(err)
			if err == nil {
				p.result.Attachments++
				p.attached[v.Address] = true
				delete(p.failures, v.Address)
			}
		})
	}
	p.keep.Keep(item)
}

// stateAttachments reads the releases again whose attachments were captured or could not
// be, so that they say so.
func (p *pass) stateAttachments(ctx context.Context) error {
	again := map[string]bool{}
	for address, releases := range p.linkers {
		if _, failed := p.failures[address]; p.attached[address] || failed {
			for _, id := range releases {
				again[id] = true
			}
		}
	}
	for address := range p.attached {
		if len(p.linkers[address]) > 0 {
			continue
		}
		v, err := p.Store.Visit(ctx, p.office.ID, address)
		if err != nil {
			return err
		}
		again[v.ReleaseID] = true
	}
	delete(again, "")
	for id := range again {
		if err := p.ReadAgain(ctx, id); err != nil {
			p.Logger.Warn("say which attachments are captured", "release", id, "error", err)
		}
	}
	return nil
}
