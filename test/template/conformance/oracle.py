"""Python's Jinja2 with Ansible's filters and tests: what the evaluator is measured against."""

import functools

import jinja2
from ansible.plugins.filter.core import FilterModule as CoreFilters
from ansible.plugins.filter.mathstuff import FilterModule as MathFilters
from ansible.plugins.filter.urlsplit import FilterModule as UrlFilters
from ansible.plugins.filter.encryption import FilterModule as EncryptionFilters  # noqa: F401  (its presence says that the set is whole)
from ansible.plugins.test.core import TestModule as CoreTests
from ansible.plugins.test.mathstuff import TestModule as MathTests
from ansible.plugins.test.files import TestModule as FileTests


class ChainedUndefined(jinja2.StrictUndefined):
    """As Ansible's: any use is an error, but an attribute of it is undefined too."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key):
        return self


def unrolled(function):
    """As Ansible: what a filter gives lazily is a list."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        result = function(*args, **kwargs)
        return list(result) if hasattr(result, "__next__") else result

    return wrapper


def environment(templates=None, ansible=True, **options):
    env = jinja2.Environment(
        undefined=ChainedUndefined,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        loader=jinja2.DictLoader(templates or {}),
        **options,
    )
    if ansible:
        for filters in (CoreFilters(), MathFilters(), UrlFilters()):
            env.filters.update(filters.filters())
        for tests in (CoreTests(), MathTests(), FileTests()):
            env.tests.update(tests.tests())
    env.filters = {name: unrolled(function) for name, function in env.filters.items()}
    return env


def answer(case):
    """The case with what Python makes of it: its output, or the kind of its error."""
    try:
        env = environment(case.get("templates"), **case.get("options", {}))
        output = env.from_string(case["template"]).render(case.get("variables", {}))
        if " object at 0x" in output or "<function" in output or "<Cycler" in output:
            return None
        return {**case, "output": output}
    except jinja2.TemplateSyntaxError as error:
        unknown = str(error).startswith("No filter named") or str(error).startswith("No test named")
        return {**case, "error": "unknown" if unknown else "syntax"}
    except jinja2.UndefinedError:
        return {**case, "error": "undefined"}
    except jinja2.TemplateNotFound:
        return {**case, "error": "not-found"}
    except Exception:
        return {**case, "error": "runtime"}
