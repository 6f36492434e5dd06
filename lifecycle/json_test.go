package lifecycle

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestJSON(t *testing.T) {
	l, err := New([]Rule{
		{On: "open", From: []State{""}, To: "a"},
		{On: "edit", From: []State{"a", "z"}, Stay: true},
		{On: "shut", From: []State{"a"}, To: "z", Or: []State{"a"}},
	}, "z")
	require.NoError(t, err)
	got, err := json.Marshal(l)
	require.NoError(t, err)
	require.Equal(t, `{"rules":[{"on":"open","from":[""],"to":"a"},{"on":"edit","from":["a","z"],"stay":true},`+
		`{"on":"shut","from":["a"],"to":"z","or":["a"]}],"final":["z"]}`, string(got))
}

func TestParseRefuses(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"empty", ``, "lifecycle: EOF"},
		{"null", `null`, `lifecycle: no rule opens a record; at least one needs "" in From and a state in To`},
		{"cut", `{"rules":[`, "lifecycle: unexpected EOF"},
		{"wrong type", `{"rules":[{"on":1}]}`, "cannot unmarshal number"},
		{"unknown field", `{"rules":[],"extra":1}`, `lifecycle: json: unknown field "extra"`},
		{"unknown field in a rule", `{"rules":[{"when":""}]}`, `lifecycle: json: unknown field "when"`},
		{"other letters", `{"Rules":[]}`,
			`lifecycle: unknown field "Rules"; allowed: rules and final, in a rule on, from, to, or and stay`},
		{"twice", `{"rules":[],"rules":[]}`, `lifecycle: "rules" is there twice in one object; once is allowed`},
		{"twice in a rule", `{"rules":[{"on":"a"},{"on":"a","on":"b"}]}`,
			`lifecycle: "on" is there twice in one object; once is allowed`},
		{"more", `{"rules":[]} {}`, "lifecycle: there is more after the document; one object is allowed"},
		{"rubbish after", `{"rules":[]} x`, "lifecycle: there is more after the document; one object is allowed"},
		{"not valid", `{"rules":[{"on":"open","from":[""],"to":"a"}]}`,
			"lifecycle: state a has no way out; add a rule that leads to another state, or make it final"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l, err := Parse([]byte(c.in))
			require.Nil(t, l)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestParseReadsWhatMarshalWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := valid().Draw(t, "lifecycle")
		data, err := json.Marshal(l)
		require.NoError(t, err)
		got, err := Parse(data)
		require.NoError(t, err)
		require.Equal(t, l.Rules(), got.Rules())
		require.Equal(t, l.Final(), got.Final())
	})
}

func FuzzParse(f *testing.F) {
	data, err := json.Marshal(incident())
	require.NoError(f, err)
	f.Add(data)
	f.Add([]byte(`{"rules":[{"on":"open","from":[""],"to":"a","or":["a"],"stay":true}],"final":["a"]}`))
	f.Add([]byte(`{"rules":[{"on":"open","on":"x"}],"Final":null}`))
	f.Add([]byte(`[[{}]]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := Parse(data)
		if err != nil {
			require.Nil(t, l)
			require.NotEmpty(t, err.Error())
			return
		}
		out, err := json.Marshal(l)
		require.NoError(t, err)
		again, err := Parse(out)
		require.NoError(t, err, "%s", out)
		require.Equal(t, l.Rules(), again.Rules())
		require.Equal(t, l.Mermaid(), again.Mermaid())
		for _, s := range append(l.States(), "") {
			for _, on := range l.Allowed(s) {
				for _, to := range l.Targets(s, on) {
					if to == s {
						to = Stay
					}
					_, err := l.Fire(s, on, to)
					require.NoError(t, err)
				}
			}
		}
	})
}
