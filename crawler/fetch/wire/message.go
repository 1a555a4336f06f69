package wire

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// headEnd returns where the body of a message begins, or -1. Lines end with CRLF, or LF
// alone as careless servers have it.
func headEnd(message []byte) int {
	for at := 0; ; {
		n := bytes.IndexByte(message[at:], '\n')
		if n < 0 {
			return -1
		}
		if line := message[at : at+n]; at > 0 && (len(line) == 0 || len(line) == 1 && line[0] == '\r') {
			return at + n + 1
		}
		at += n + 1
	}
}

// splitMessage returns the response out of what was received, without interim responses
// before it (1xx) and without anything behind it, and its body without chunks. It fails
// where the record is not what was understood, unless the response was cut.
func splitMessage(got []byte, resp *http.Response, cut bool) (response, body []byte, err error) {
	begin := headEnd(got)
	for begin >= 0 && isInterim(got) {
		got = got[begin:]
		begin = headEnd(got)
	}
	if begin < 0 {
		return nil, nil, errors.New("the answer has no head")
	}
	size := len(got) - begin
	switch {
	case resp.StatusCode == http.StatusNoContent || resp.StatusCode == http.StatusNotModified:
		size = 0
	case slices.Equal(resp.TransferEncoding, []string{"chunked"}):
		body, size = dechunk(got[begin:])
	case resp.ContentLength >= 0:
		size = int(resp.ContentLength)
	}
	if size < 0 || begin+size > len(got) {
		if cut {
			return got, nil, nil
		}
		return nil, nil, errors.New("the answer can't be told from what follows it")
	}
	response = got[: begin+size : begin+size]
	if body == nil {
		body = response[begin:]
	}
	return response, body, nil
}

// isInterim tells whether a message begins with a status of 1xx.
func isInterim(message []byte) bool {
	fields := bytes.Fields(message[:bytes.IndexByte(message, '\n')])
	return len(fields) > 1 && len(fields[1]) == 3 && fields[1][0] == '1'
}

// dechunk returns the content of a chunked body and how many bytes it takes, the trailer
// included; -1 where its end is not there. Go has read it before, so that it is in order.
func dechunk(chunks []byte) (body []byte, size int) {
	body = make([]byte, 0, len(chunks))
	line := func() ([]byte, bool) {
		n := bytes.IndexByte(chunks[size:], '\n')
		if n < 0 {
			return nil, false
		}
		from := size
		size += n + 1
		return bytes.TrimRight(chunks[from:from+n], "\r"), true
	}
	for {
		head, ok := line()
		digits, _, _ := bytes.Cut(head, []byte(";"))
		n, err := strconv.ParseUint(string(bytes.TrimSpace(digits)), 16, 31)
		if !ok || err != nil || int(n) > len(chunks)-size {
			return nil, -1
		}
		if n == 0 {
			break
		}
		body = append(body, chunks[size:size+int(n)]...)
		size += int(n)
		if _, ok := line(); !ok {
			return nil, -1
		}
	}
	for { // the trailer: lines up to an empty one
		field, ok := line()
		if !ok {
			return nil, -1
		}
		if len(field) == 0 {
			return body, size
		}
	}
}

// rebuildRequest writes a request as it is sent.
func rebuildRequest(req *http.Request) []byte {
	var b bytes.Buffer
	if err := req.Write(&b); err != nil { // a buffer doesn't fail, and there is no body
		return nil
	}
	return b.Bytes()
}

// rebuildResponse writes a response where the connection was not ours to record. The body
// keeps its encodings; chunks are lost, and with them the field that names them.
func rebuildResponse(resp *http.Response, sent []byte) []byte {
	var b bytes.Buffer
	status := resp.Status
	if status == "" {
		status = strconv.Itoa(resp.StatusCode) + " " + http.StatusText(resp.StatusCode)
	}
	fmt.Fprintf(&b, "HTTP/1.1 %s\r\n", status)
	if err := resp.Header.WriteSubset(&b, map[string]bool{"Transfer-Encoding": true}); err != nil {
		return nil // a buffer doesn't fail
	}
	b.WriteString("\r\n")
	b.Write(sent)
	return b.Bytes()
}
