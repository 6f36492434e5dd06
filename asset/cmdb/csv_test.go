package cmdb_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/asset/cmdb"
)

func readAll(file string, m cmdb.Mapping) (rows []cmdb.Row, err error) {
	for row, err := range cmdb.ReadCSV(strings.NewReader(file), m) {
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func TestReadCSV(t *testing.T) {
	file := "\ufeffName;Serial no;Cores;Note\r\n web1 ;S1;8;first\r\n\r\nweb2;;;\"two\r\nlines\"\r\n"
	rows, err := readAll(file, cmdb.Mapping{Class: "server", Comma: ';', Columns: map[string]string{"Name": "host", "Serial no": "serial", "Cores": "cores", "Note": "-"}})
	require.NoError(t, err)
	require.Len(t, rows, 2)
	require.Equal(t, cmdb.Row{Line: 2, Class: "server", Plain: true, Values: values(t, map[string]any{"host": "web1", "serial": "S1", "cores": "8"})}, rows[0])
	require.Equal(t, 4, rows[1].Line, "empty lines count")
	require.Equal(t, values(t, map[string]any{"host": "web2"}), rows[1].Values)
}

func TestReadCSVThatIsWrong(t *testing.T) {
	both := map[string]string{"a": "host", "b": "serial"}
	for name, c := range map[string]struct {
		file string
		m    cmdb.Mapping
		want string
		rows int
	}{
		"empty":             {"", cmdb.Mapping{}, "line 1: the file is empty: a header is required", 0},
		"doubled":           {"host,host\n", cmdb.Mapping{}, `line 1, column "host": the column is there twice`, 0},
		"no name":           {"host,\n", cmdb.Mapping{}, "line 1: column 2 has no name", 0},
		"not mapped":        {"a,b,c\n", cmdb.Mapping{Columns: both}, `line 1, column "c": the column is not in the mapping: want a, b`, 0},
		"not in the file":   {"a\n", cmdb.Mapping{Columns: both}, `line 1, column "b": the mapping names the column, and the header does not have it: it has a`, 0},
		"mapped to one":     {"a,b\n", cmdb.Mapping{Columns: map[string]string{"a": "host", "b": "host"}}, `line 1, column "b": column "a" gives field "host" already`, 0},
		"short":             {"host,serial\nh,s\nh\n", cmdb.Mapping{}, "line 3: 1 values, want 2 as the header has", 1},
		"long":              {"host\nh,s\n", cmdb.Mapping{}, "line 2: 2 values, want 1 as the header has", 0},
		"quote":             {"host\n\"h\n", cmdb.Mapping{}, "line 2", 0},
		"no text":           {"host\n\xff\xfe\n", cmdb.Mapping{}, `line 2, column "host"`, 0},
		"no text in header": {"ho\xffst\n", cmdb.Mapping{}, "the name is no valid UTF-8", 0},
		"no field":          {"Host,serial\n", cmdb.Mapping{}, `line 1, column "Host": there is no field "Host": want class, key, title, manufacturer,`, 0},
		"semicolons":        {"class;host\n", cmdb.Mapping{}, `or an attribute of the class; if ";" parts the columns, say so in Mapping.Comma`, 0},
		"mapped semicolons": {"a;b\n", cmdb.Mapping{Columns: both}, `want a, b; if ";" parts the columns`, 0},
		"long name":         {strings.Repeat("x", 1000) + "\n", cmdb.Mapping{}, `line 1, column "` + strings.Repeat("x", 60) + `…": there is no field "x`, 0},
		"separator":         {"host\n", cmdb.Mapping{Comma: '"'}, "comma: delimiter", 0},
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := readAll(c.file, c.m)
			require.ErrorContains(t, err, c.want)
			require.Len(t, rows, c.rows)
		})
	}
}

func TestPlainValuesAreReadByType(t *testing.T) {
	r := newRoom(t, sourced)
	file := "class,key,host,cores,memory_gb,operating_system\nserver,1,8,8,0.50,11\nserver,2,x,eight,,\nserver,3,<a&b>,,,\n"
	rows, err := readAll(file, cmdb.Mapping{})
	require.NoError(t, err)
	out := r.imports(cmdb.Import{Source: "scan"}, rows...)
	require.Equal(t, []cmdb.Result{cmdb.Created, cmdb.Refused, cmdb.Created}, results(out))
	x := r.item(out[0].Of)
	require.Equal(t, "8", x.Host)
	require.Equal(t, "8", x.Specification.Raw("cores"))
	require.Equal(t, "0.50", x.Specification.Raw("memory_gb"), "its digits are kept")
	require.Equal(t, `"11"`, x.Specification.Raw("operating_system"))
	require.ErrorContains(t, out[1].Err, `values.cores: type (value "eight", want number`)
	require.Equal(t, "<a&b>", r.item(out[2].Of).Host)
	require.Equal(t, []cmdb.Result{cmdb.Unchanged, cmdb.Refused, cmdb.Unchanged}, results(r.imports(cmdb.Import{Source: "scan"}, rows...)))
}

// FuzzReadCSV reads anything: no row has a line that is not behind the one before, and the only errors are those that
// name their line.
func FuzzReadCSV(f *testing.F) {
	f.Add("host,serial\nweb1,S1\n", "host")
	f.Add("\ufeffa;b\r\n\"x\r\ny\";2\r\n", "a")
	f.Fuzz(func(t *testing.T, file, column string) {
		for _, m := range []cmdb.Mapping{{}, {Columns: map[string]string{column: "host"}}, {Comma: ';', Class: column}} {
			line := 1
			rows, err := readAll(file, m)
			for _, row := range rows {
				require.Greater(t, row.Line, line)
				line = row.Line
			}
			if err != nil {
				at := new(cmdb.CSVError)
				require.True(t, errors.As(err, &at), err)
				require.GreaterOrEqual(t, at.Line, 1)
			}
		}
	})
}

// FuzzReadRelationsCSV is FuzzReadCSV for relations.
func FuzzReadRelationsCSV(f *testing.F) {
	f.Add("source.key,type,target.key,weight\n1,runs_on,2,3\n")
	f.Add("source.ref,target.serial\nci/x,\n")
	f.Fuzz(func(t *testing.T, file string) {
		line := 1
		for row, err := range cmdb.ReadRelationsCSV(strings.NewReader(file), cmdb.Mapping{Class: "runs_on"}) {
			if err != nil {
				at := new(cmdb.CSVError)
				require.True(t, errors.As(err, &at), err)
				break
			}
			require.Greater(t, row.Line, line)
			require.NotEmpty(t, row.Type)
			line = row.Line
		}
	})
}
