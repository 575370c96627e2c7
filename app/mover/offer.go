package mover

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/parts"
)

// check refuses an offer that can't be used, before anything is requested. It returns the hash of the bytes before First.
func (m *Mover) check(ctx context.Context, offer dispatch.Move) (hash.Hash, error) {
	if offer.Size <= 0 || offer.PartSize <= 0 || offer.PartSize > maxPartSize || offer.First < 1 ||
		offer.First > maxPartNumber+1 || len(offer.Parts) > dispatch.MaxParts || offer.First+len(offer.Parts)-1 > maxPartNumber {
		return nil, invalid("sizes or numbers out of bounds")
	}
	if stored := int64(offer.First-1) * offer.PartSize; stored-offer.PartSize >= offer.Size {
		return nil, invalid("more parts are stored than the file has")
	}
	done := storedBytes(offer)
	if done < offer.Size && len(offer.Parts) == 0 {
		return nil, invalid("no addresses")
	}
	for i, address := range offer.Parts {
		if err := m.guard.check(ctx, address); err != nil {
			m.logger.WarnContext(ctx, "refused an offer: address of a part is not allowed", "part", offer.First+i, "error", err)
			return nil, invalid(fmt.Sprintf("address of part %d is not allowed: %v", offer.First+i, err))
		}
	}
	if done == 0 {
		return sha256.New(), nil
	}
	hash, err := parts.ParseHash(offer.Hash, done)
	if err != nil {
		return nil, invalid("hash isn't that of the stored parts")
	}
	return hash, nil
}

// storedBytes returns how many bytes of the file are stored already.
func storedBytes(offer dispatch.Move) int64 {
	return min(int64(offer.First-1)*offer.PartSize, offer.Size)
}

func invalid(detail string) *dispatch.Failure {
	return &dispatch.Failure{Kind: dispatch.KindInvalid, Detail: detail}
}
