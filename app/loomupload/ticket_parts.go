package loomupload

import (
	"cmp"
	"slices"
)

const maxParts = 10000

var (
	partListKeys = []string{"parts", "uploadparts", "parturls", "uploadurls", "presignedurls", "signedurls", "urls", "chunks"}
	partSizeKeys = []string{"partsize", "chunksize", "partsizebytes", "chunksizebytes", "partsizeinbytes", "chunksizeinbytes"}
)

// describeParts reads a list of parts, each an address or an object with one. The size of each part must be known: from
// the part itself, or from a size of all but the last one.
func describeParts(o object, f file) (description, error) {
	list, ok := o.get(partListKeys...).([]any)
	if !ok || len(list) == 0 {
		return description{}, nil
	}
	if len(list) > maxParts {
		return description{}, contractProblem("Atlassian's answer wants the file in %d parts.", len(list))
	}
	common, hasCommon := o.whole(partSizeKeys...)
	var requests []request
	for i, item := range list {
		part := object{fields: map[string]any{"url": item}}
		if fields, ok := item.(map[string]any); ok {
			part.fields = fields
		}
		r, err := o.readPart(part, i, f)
		if err != nil {
			return description{}, err
		}
		switch {
		case r.size > 0:
		case hasCommon && common > 0:
			r.size = common // of the last part, placeParts knows better
		case len(list) == 1:
			r.size = f.size
		default:
			return description{}, contractProblem("Atlassian's answer doesn't say how large the parts of the file are.")
		}
		requests = append(requests, r)
	}
	slices.SortFunc(requests, func(a, b request) int { return cmp.Compare(a.number, b.number) })
	if err := placeParts(requests, f.size); err != nil {
		return description{}, err
	}
	return description{rankParts, requests}, nil
}

// readPart reads a part. Its method and headers are those of the object around it unless it has its own.
func (o object) readPart(part object, index int, f file) (r request, err error) {
	address := part.text(append(slices.Clone(addressKeys), weakAddressKeys...)...)
	if address == "" {
		return r, contractProblem("Atlassian's answer has a part of the file without an address.")
	}
	if r.url, err = parseAddress(address); err != nil {
		return r, err
	}
	r.number = index + 1
	if number, ok := part.whole("partnumber", "number", "part"); ok {
		if number < 1 || number > maxParts {
			return r, contractProblem("Atlassian's answer has a part of the file with the number %d.", number)
		}
		r.number = int(number)
	}
	if size, ok := part.whole("size", "length", "contentlength", "sizebytes", "bytes"); ok && size > 0 && size <= f.size {
		r.size = size
	}
	header := part.get(headerKeys...)
	if header == nil {
		header = o.get(headerKeys...)
	}
	if r.header, err = readHeaders(header, r.url, max(r.size, 0)); err != nil {
		return r, err
	}
	method := part.get(methodKeys...)
	if method == nil {
		method = o.get(methodKeys...)
	}
	r.method, err = readMethod(method, false)
	return r, err
}

// placeParts computes where the parts begin. The last one may be shorter than the others, but together they must be the
// file.
func placeParts(requests []request, size int64) error {
	var offset int64
	for i := range requests {
		r := &requests[i]
		if r.number != requests[0].number+i || requests[0].number != 1 {
			return contractProblem("Atlassian's answer doesn't number the parts of the file from 1.")
		}
		if i == len(requests)-1 {
			r.size = min(r.size, size-offset)
		}
		r.offset = offset
		offset += r.size
		if r.size <= 0 || offset > size {
			return contractProblem("Atlassian's answer has more parts than the file.")
		}
	}
	if offset != size {
		return contractProblem("The parts in Atlassian's answer are smaller than the file.")
	}
	return nil
}
