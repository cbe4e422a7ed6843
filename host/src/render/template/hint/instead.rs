//! What Tera 2 has instead of what people know from Jinja, from Tera 1 and from other languages.

/// Words, with a space between them, and what to write instead.
pub(super) type Instead = (&'static str, &'static str);

/// Filters that Tera 2 does not have.
pub(super) const FILTERS: &[Instead] = &[
    ("map", "write a comprehension: `[node.label for node in graph.nodes]`"),
    (
        "filter select selectattr reject rejectattr where",
        "write a comprehension: `[node for node in graph.nodes if node.kind == \"service\"]`",
    ),
    ("slice batch", "write brackets: `list[0:3]`"),
    ("enumerate", "`loop.index0` is the position in a `for`; `loop.index` counts from 1"),
    ("items dictsort", "loop over a map: `{% for key, value in map %}`, or take `map | pairs`"),
    ("sum", "add up in a loop: `{% set_global total = total + x %}`; `list | length` counts"),
    ("count size len", "write `list | length`; `list | count_by(attribute=\"kind\")` counts by a value"),
    ("min", "write `list | sort | first`"),
    ("max", "write `list | sort | last`"),
    ("tojson to_json json_encode dump", "write `json`, or `json(pretty=true)`"),
    ("groupby", "write `group_by(attribute=\"kind\")`"),
    ("keyby index_by", "write `key_by(attribute=\"id\")`"),
    ("concat extend", "join lists with `[...a, ...b]`, texts with `a ~ b`"),
    ("append push add", "write `[...list, element]`; in a loop with `set_global`"),
    ("attr attribute", "write `map[name]`, or `map | get(key=name, default=\"\")`"),
    ("string as_str to_string tostring", "write `str`"),
    ("list array", "a list needs no filter; `map | values` makes one of a map"),
    ("format sprintf", "join texts with `~`: `a ~ \":\" ~ b`"),
    (
        "e forceescape force_escape",
        "write the filter of what you make: `xml`, `html`, `markdown`, `csv`, `dot`, `json`",
    ),
    ("slugify slug ident word", "write `identifier`: a word of its own for each text"),
    ("wordwrap center indentation", "write `indent(width=4)`, or `truncate(length=80)`"),
    ("linebreaksbr linebreaks nl2br", "write `newlines_to_br`"),
    ("date now strftime time", "there is no clock: the same document always makes the same output"),
    ("random shuffle", "there is no chance: the same document always makes the same output"),
    ("urlencode", "write `markdown_link(url=…)`, or `xml` inside of an attribute"),
    ("ltrim lstrip trim_start_matches", "write `trim_start`"),
    ("rtrim rstrip trim_end_matches", "write `trim_end`"),
    ("sort_by sorted order_by", "write `sort(attribute=\"label\")`"),
    ("distinct uniq dedup", "write `unique`"),
    ("zip", "loop over one list, and take the other's `other[loop.index0]`"),
];

/// Functions that Tera 2 does not have.
pub(super) const FUNCTIONS: &[Instead] = &[
    ("namespace", "`set_global` changes a variable from inside of a loop: no namespace is needed"),
    ("dict", "write a map: `{\"key\": value}`"),
    ("list", "write a list: `[a, b]`, or `map | values`"),
    ("enumerate", "`loop.index0` is the position in a `for`; `loop.index` counts from 1"),
    ("zip", "loop over one list, and take the other's `other[loop.index0]`"),
    ("len length count", "write `list | length`"),
    ("str string", "write `x | str`"),
    ("int", "write `x | int`"),
    ("float", "write `x | float`"),
    ("sorted sort", "write `list | sort(attribute=\"label\")`"),
    ("reversed", "write `list | reverse`"),
    ("min max", "write `list | sort | first`, or `| last`"),
    ("sum", "add up in a loop: `{% set_global total = total + x %}`"),
    ("cycler", "write `[\"odd\", \"even\"][loop.index0 % 2]`"),
    ("joiner", "write `{% if not loop.last %}, {% endif %}`, or `list | join(sep=\", \")`"),
    ("caller", "the inside of a call is `body`: `{% <box()> %}…{% </box> %}`, and `{{ body }}` in the component"),
    ("defined", "write `x is defined`"),
    ("default", "write `x | default(value=\"\")`"),
    ("map filter", "write a comprehension: `[x.id for x in list if x.kind == \"service\"]`"),
    ("print", "write `{{ x }}`"),
    ("raise error fail assert", "write `throw(message=\"…\")`"),
    (
        "now get_random get_env load_data read_file",
        "a template reads no clock, file or environment: what it sees is the document",
    ),
    ("neighbors neighbours adjacent", "write `dependencies(of=node)`, or `dependents(of=node)`"),
    ("edges", "write `graph.edges`, `outgoing(of=node)` or `incoming(of=node)`"),
    ("nodes services", "write `graph.nodes`, or `[node for node in graph.nodes if node.kind == \"service\"]`"),
];

/// Tests that Tera 2 does not have.
pub(super) const TESTS: &[Instead] = &[
    ("mapping dict object", "write `is map`"),
    ("sequence list", "write `is array`"),
    ("boolean", "write `is bool`, or compare: `x == true`"),
    ("null nil", "write `is none`"),
    ("eq equalto ne sameas lt le gt ge", "compare with signs: `==`, `!=`, `<`, `<=`, `>`, `>=`"),
    ("empty", "an empty text, list or map is false: `{% if not x %}`"),
    ("divisibleby", "write `is divisible_by(divisor=2)`"),
    ("startingwith starts_with", "write `is starting_with(pat=\"a\")`"),
    ("endingwith ends_with", "write `is ending_with(pat=\"a\")`"),
    ("contains matching match", "write `is containing(pat=\"a\")`, or `\"a\" in x`"),
];

/// Tags that Tera 2 does not have.
pub(super) const TAGS: &[Instead] = &[
    (
        "macro endmacro",
        "write a component: `{% component row(node) %}…{% endcomponent row %}`, and call it with `{{ <row node={node}/> }}`",
    ),
    ("import from", "name the file in an `include`: the components of the files that a template names are known in it"),
    ("call endcall", "call a component that has a `body`: `{% <box()> %}…{% </box> %}`"),
    ("do", "write `set`: `{% set list = [...list, element] %}`; in a loop `set_global`"),
    ("with endwith", "write `{% set x = … %}`"),
    ("elseif elsif", "write `elif`"),
    ("comment endcomment", "a comment is `{# … #}`"),
    (
        "autoescape endautoescape",
        "files that end in .html.tera, .xml.tera and .svg.tera escape by themselves; `safe` turns it off",
    ),
    ("switch case match", "write `if` and `elif`, or look it up in a map: `looks | get(key=node.kind, default=\"\")`"),
    ("while endwhile", "write `{% for i in range(end=10) %}`, with `{% break %}`"),
    ("unless", "write `{% if not x %}`"),
    ("verbatim endverbatim", "write `raw`"),
    ("let var assign", "write `set`"),
    ("foreach each", "write `{% for x in list %}`"),
    ("end", "write `endif` or `endfor`"),
    ("spaceless endspaceless", "a hyphen takes the space away: `{%- if x -%}`"),
];

/// Methods that people know, and what to write instead.
pub(super) const METHODS: &[Instead] = &[
    ("items", "loop over a map: `{% for key, value in map %}`"),
    ("keys", "write `map | keys`"),
    ("values", "write `map | values`"),
    ("get", "write `map | get(key=\"name\", default=\"\")`"),
    ("append push add extend", "write `{% set list = [...list, element] %}`; in a loop `set_global`"),
    ("update", "write `{% set map = {...map, \"key\": value} %}`"),
    ("join", "write `list | join(sep=\", \")`"),
    ("split", "write `text | split(pat=\",\")`"),
    ("replace", "write `text | replace(from=\"a\", to=\"b\")`"),
    ("upper toUpperCase", "write `text | upper`"),
    ("lower toLowerCase", "write `text | lower`"),
    ("title capitalize", "write `text | title`, or `text | capitalize`"),
    ("strip trim", "write `text | trim`"),
    ("startswith startsWith starts_with", "write `text is starting_with(pat=\"a\")`"),
    ("endswith endsWith ends_with", "write `text is ending_with(pat=\"a\")`"),
    ("contains includes", "write `\"a\" in x`"),
    ("format", "join texts with `~`: `a ~ \":\" ~ b`"),
    ("length size count len", "write `list | length`"),
    ("sort sorted", "write `list | sort(attribute=\"label\")`"),
    ("map", "write a comprehension: `[x.id for x in list]`"),
    ("filter", "write a comprehension: `[x for x in list if x.kind == \"service\"]`"),
    ("cycle", "write `[\"odd\", \"even\"][loop.index0 % 2]`"),
];

/// Fields that people expect.
pub(super) const FIELDS: &[Instead] = &[
    (
        "name title",
        "the name of a node is its `label`, that of the system `graph.name`, that of a service its key: `for key, service in system.services`",
    ),
    ("type category", "what a node is says its `kind`"),
    ("from from_node start src", "an edge starts at its `source`, the id of a node"),
    ("to to_node end dest destination dst", "an edge ends at its `target`, the id of a node"),
    ("services service", "the document is `system`: `system.services`; the nodes are `graph.nodes`"),
    ("nodes edges", "they are `graph.nodes` and `graph.edges`"),
    ("image owner exposes bindings connections", "what the document says of a node is in `node.attributes`"),
];
