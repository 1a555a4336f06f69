package columns

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"runtime"
	"unsafe"

	"github.com/blevesearch/mmap-go"
)

// The saved form of columns is a file that is mapped into memory as it is, so that an index
// of a million releases opens in milliseconds and the kernel may drop what nobody reads.
// It begins with a header of eight numbers of 8 bytes:
//
//	the letters AGORACOL · version · 0x0102030405060708 · seal, which names the segment ·
//	number of documents · sum of title lengths · sum of text lengths · CRC-32C of all else
//
// Then every column follows in the order of eachColumn: the number of its bytes in 8 bytes,
// its values as memory holds them, zeros up to a multiple of 8. Lists of words are a column
// of their lengths and one of their letters. Numbers have the byte order of the machine; a
// file of another is not read, and the columns are made from the records again.
const (
	savedMagic   = 0x4c4f4341_524f4741 // "AGORACOL", the first letter lowest
	savedVersion = 2
	savedOrder   = 0x0102030405060708
	headerSize   = 8 * 8
	checksumAt   = 7 * 8
	alignment    = 8
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum returns that of a whole file, but for the checksum in it.
func checksum(data []byte) uint64 {
	return uint64(crc32.Update(crc32.Checksum(data[:checksumAt], castagnoli), castagnoli, data[headerSize:]))
}

// errSaved says that a file is not that of the segment, or not whole.
var errSaved = errors.New("saved columns don't fit")

// file reads or writes columns in their order.
type file struct {
	data    []byte
	reading bool
	failed  bool
}

// column reads or writes one slice of numbers.
func column[T any](f *file, values *[]T) {
	var one T
	size := int(unsafe.Sizeof(one))
	if !f.reading {
		n := len(*values) * size
		f.data = binary.NativeEndian.AppendUint64(f.data, uint64(n))
		if n > 0 {
			f.data = append(f.data, unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(*values))), n)...)
		}
		f.data = append(f.data, make([]byte, (alignment-len(f.data)%alignment)%alignment)...)
		return
	}
	if f.failed = f.failed || len(f.data) < 8; f.failed {
		return
	}
	n := binary.NativeEndian.Uint64(f.data)
	rest := f.data[8:]
	padded := (n + alignment - 1) / alignment * alignment
	if f.failed = n > uint64(len(rest)) || padded > uint64(len(rest)) || n%uint64(size) != 0; f.failed {
		return
	}
	*values = nil
	if n > 0 {
		*values = unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(rest))), int(n)/size)
	}
	f.data = rest[padded:]
}

// words reads or writes a list of words; those read are copies.
func words(f *file, list *[]string) {
	lengths := make([]uint32, len(*list))
	var letters []byte
	for i, w := range *list {
		lengths[i] = uint32(len(w))
		letters = append(letters, w...)
	}
	column(f, &lengths)
	column(f, &letters)
	if !f.reading || f.failed {
		return
	}
	*list = make([]string, len(lengths))
	for i, n := range lengths {
		if f.failed = int(n) > len(letters); f.failed {
			return
		}
		(*list)[i], letters = string(letters[:n]), letters[n:]
	}
}

// eachColumn reads or writes all columns.
func (c *Columns) eachColumn(f *file) {
	column(f, &c.ids)
	column(f, &c.offsets)
	column(f, &c.Day)
	column(f, &c.Order)
	column(f, &c.Added)
	column(f, &c.Changed)
	column(f, &c.Newest)
	column(f, &c.TitleLength)
	column(f, &c.TextLength)
	column(f, &c.year)
	column(f, &c.topics)
	column(f, &c.kinds)
	column(f, &c.office)
	column(f, &c.party)
	column(f, &c.presence)
	column(f, &c.flags)
	column(f, &c.coalition)
	column(f, &c.coalitions)
	column(f, &c.matter)
	words(f, &c.matters)
	column(f, &c.language)
	words(f, &c.languages)
	column(f, &c.attorney)
	words(f, &c.attorneys)
	column(f, &c.agencies)
	column(f, &c.company)
	column(f, &c.ends)
	words(f, &c.companies)
}

// Save writes columns to a file, all or nothing. Open reads them again under the same seal.
func (c *Columns) Save(path string, seal uint64) error {
	f := file{data: make([]byte, headerSize, headerSize+128*c.Count)}
	c.eachColumn(&f)
	for i, n := range [...]uint64{
		savedMagic, savedVersion, savedOrder, seal, uint64(c.Count), uint64(c.TitleTotal), uint64(c.TextTotal),
	} {
		binary.NativeEndian.PutUint64(f.data[8*i:], n)
	}
	binary.NativeEndian.PutUint64(f.data[checksumAt:], checksum(f.data))
	temporary, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("save columns: %w", err)
	}
	_, err = temporary.Write(f.data)
	// Not synced: a file that a crash has torn is not read, and made again.
	if err = errors.Join(err, temporary.Close()); err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		os.Remove(temporary.Name())
		return fmt.Errorf("save columns: %w", err)
	}
	return nil
}

// Open maps the columns of a segment of count documents that were saved under a seal. They
// live as long as they are held on to. Any error means that they have to be built.
func Open(path string, seal uint64, count int) (*Columns, error) {
	opened, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	mapped, err := mmap.Map(opened, mmap.RDONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("map saved columns: %w", err)
	}
	c, err := read(mapped, seal, count)
	if err != nil {
		return nil, errors.Join(err, mapped.Unmap())
	}
	runtime.AddCleanup(c, func(m mmap.MMap) { _ = m.Unmap() }, mapped)
	return c, nil
}

// read makes columns that lie in data.
func read(data []byte, seal uint64, count int) (*Columns, error) {
	if len(data) < headerSize {
		return nil, errSaved
	}
	var header [headerSize / 8]uint64
	for i := range header {
		header[i] = binary.NativeEndian.Uint64(data[8*i:])
	}
	if header[0] != savedMagic || header[1] != savedVersion || header[2] != savedOrder || header[3] != seal ||
		header[4] != uint64(count) || header[7] != checksum(data) {
		return nil, errSaved
	}
	c := &Columns{Count: count, TitleTotal: int(header[5]), TextTotal: int(header[6])}
	f := file{data: data[headerSize:], reading: true}
	c.eachColumn(&f)
	if f.failed || len(f.data) != 0 || len(c.offsets) != count+1 || len(c.attorney) != count || len(c.ends) != count+1 {
		return nil, errSaved
	}
	c.foldAttorneys()
	return c, nil
}
