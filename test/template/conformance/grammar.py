"""Templates out of a grammar: expressions of all operators, filters and tests over the common variables, and statements around them."""

import random

ATOMS = {
    "int": ["0", "1", "2", "7", "-3", "n", "big", "l[0]", "l | length", "users[1].age", "true", "10 ** 17"],
    "float": ["f", "0.5", "1.0", "-2.25", "1e3", "3 / 4", "7.0"],
    "str": ["'a'", "''", "'Hello World'", "name", "text", "empty", "uni", "'a,b,,c'", "'%s'", "lines", "path", "users[0].name", "'12'", "'3.5'"],
    "list": ["[]", "l", "[1, 2, 2]", "words", "nested", "[1, 'a', none]", "users | map(attribute='name')", "range(4)", "['x', 'y']", "[0.5, 1, 2]"],
    "dict": ["d", "{}", "{'a': 1}", "users[0]", "{1: 'x', 'y': [2]}", "{'a': {'b': 1}}"],
    "bool": ["yes", "no", "true", "false"],
    "none": ["nil", "none"],
    "undefined": ["nope", "d.nope", "users[9]"],
}
FILTERS = {
    "int": ["abs", "string", "float", "int", "default(1)", "round", "filesizeformat"],
    "float": ["abs", "round", "round(1)", "int", "string", "round(1, 'floor')"],
    "str": ["upper", "lower", "title", "capitalize", "trim", "length", "replace('a', 'x')", "list", "first", "last", "reverse", "int", "float", "center(9)", "indent(2)", "truncate(5, true, '..', 0)", "wordcount", "default('d')", "default('d', true)", "e", "urlencode", "join('-')", "sort", "unique", "split(',')", "b64encode", "quote", "hash('md5')", "tojson", "string", "wordwrap(6)", "striptags", "regex_replace('[aeiou]', '*')", "regex_findall('[a-c]')", "basename", "splitext", "bool", "format('z')"],
    "list": ["first", "last", "length", "join(',')", "join", "sort", "reverse", "unique", "sum", "min", "max", "list", "map('string')", "map('length')", "select", "reject('none')", "batch(2)", "slice(2)", "tojson", "flatten", "union([1])", "difference([2])", "intersect(l)", "zip('ab')", "select('string')", "sort(reverse=true)", "map('upper')", "to_json", "string", "default([])", "symmetric_difference([2])", "random | type_debug", "count"],
    "dict": ["length", "list", "dictsort", "items", "first", "tojson", "dict2items", "combine({'a': 5})", "string", "sort", "to_json", "pprint", "combine({'a': {'c': 2}}, recursive=true)", "type_debug"],
    "bool": ["string", "int", "ternary('a', 'b')", "lower", "default(1)"],
    "none": ["string", "default('n')", "default('n', true)", "length", "bool", "upper"],
    "undefined": ["default(5)", "d", "default('x', true)", "length", "upper", "default(nope)"],
}
TESTS = ["defined", "none", "string", "number", "integer", "float", "mapping", "sequence", "iterable", "odd", "even", "divisibleby 2", "in [1, 'a']", "boolean", "callable", "lower", "upper", "eq 1", "ne 'a'", "lt 3", "sameas none", "truthy", "undefined", "contains('a')"]
BINARY = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"]
ACCESS = ["[0]", "[-1]", "[1:]", "[::-1]", ".a", "['a']", "[:2]", ".upper()", ".items() | list", ".keys() | list", ".split(',')", ".get('a')", ".nope | default('u')", "[5] | default(0)", ".strip()", ".count('a')", ".title()"]


class Grammar:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def expression(self, depth):
        pick = self.random.random()
        kind = self.random.choice(list(ATOMS))
        atom = self.random.choice(ATOMS[kind])
        if kind == "undefined" and self.random.random() < 0.7:
            return f"{atom} | default({self.expression(0)})" if depth > 0 else "n"
        if depth == 0 or pick < 0.1:
            return atom
        if pick < 0.35:
            return f"({atom}) | {self.random.choice(FILTERS[kind])}"
        if pick < 0.45:
            return f"({self.expression(depth - 1)}) is {'not ' if self.random.random() < 0.3 else ''}{self.random.choice(TESTS)}"
        if pick < 0.7:
            return self.binary(kind, depth)
        if pick < 0.78:
            return f"({self.expression(depth - 1)}){self.random.choice(ACCESS)}"
        if pick < 0.84:
            return f"({self.expression(depth - 1)} if {self.expression(depth - 1)} else {self.expression(depth - 1)})"
        if pick < 0.9:
            return f"[{self.expression(depth - 1)}, {self.expression(depth - 1)}]"
        if pick < 0.94:
            return f"{{'k': {self.expression(depth - 1)}}}"
        return f"{self.random.choice(['not ', '-', '+'])}({self.expression(depth - 1)})"

    def binary(self, kind, depth):
        operator = self.random.choice(BINARY)
        if operator == "**":
            return f"({self.random.choice(ATOMS['float'])}) ** {self.random.choice([0, 1, 2, 3])}"
        # Most pairs are of one kind, for most others are errors.
        left = self.random.choice(ATOMS[kind]) if self.random.random() < 0.6 else self.expression(depth - 1)
        right = self.random.choice(ATOMS[kind]) if self.random.random() < 0.6 else self.expression(depth - 1)
        return f"({left}) {operator} ({right})"

    def statement(self, depth):
        pick = self.random.random()
        if depth == 0 or pick < 0.4:
            return "{{ %s }}" % self.expression(2)
        inner = " ".join(self.statement(depth - 1) for _ in range(self.random.randint(1, 2)))
        if pick < 0.55:
            return "{%% if %s %%}%s{%% else %%}%s{%% endif %%}" % (self.expression(1), inner, self.statement(0))
        if pick < 0.75:
            return "{%% for i in %s %%}{{ loop.index }}{{ i }} %s{%% endfor %%}" % (self.random.choice(ATOMS["list"] + ATOMS["dict"]), inner)
        if pick < 0.85:
            return "{%% set v = %s %%}{{ v }}%s" % (self.expression(2), inner)
        if pick < 0.93:
            return "{%% macro m(a, b=2) %%}{{ a }}%s{%% endmacro %%}{{ m(%s) }}" % (inner, self.expression(1))
        return "{%% filter upper %%}%s{%% endfilter %%}" % inner


def generated(seed, count):
    grammar = Grammar(seed)
    expressions = ["{{ %s }}" % grammar.expression(3) for _ in range(count)]
    statements = [grammar.statement(2) for _ in range(count // 2)]
    return list(dict.fromkeys(case for case in expressions + statements if "random" not in case or "type_debug" in case))
