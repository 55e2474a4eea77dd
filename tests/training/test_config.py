import pytest

from glimt.core.errors import OptionError
from glimt.training.read_config import load_config, parse


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "run.yaml"
    path.write_text("data: {root: frames}\nnetwork: acm\nepochs: 3\n")
    return path


def test_a_name_alone_is_a_choice_without_options(file):
    assert load_config(file).network.name == "acm"
    assert load_config(file).network.options == {}


def test_set_changes_nested_keys_and_reads_values_as_yaml(file):
    config = load_config(
        file, ["optimizer.lr=0.1", "optimizer.name=sgd", "data.val=null", "keep=[last]", "recipe=pseudo"]
    )
    assert config.optimizer.options == {"lr": 0.1}
    assert config.data.val is None
    assert config.keep == ("last",)
    assert config.recipe.name == "pseudo"


def test_precision_no_needs_no_quotes(file):
    assert load_config(file, ["precision=no"]).precision == "no"


def test_an_option_may_be_set_beside_a_name_that_stands_alone(file):
    config = load_config(file, ["recipe=lesps", "recipe.every=2", "network.in_channels=3"])
    assert (config.recipe.name, config.recipe.options) == ("lesps", {"every": 2})
    assert (config.network.name, config.network.options) == ("acm", {"in_channels": 3})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("epoch=3", "no setting 'epoch' (did you mean 'epochs'?)"),
        ("data.augmnt=x", "no setting 'data.augmnt' (did you mean 'augment'?)"),
        ("validation.evry=3", "no setting 'validation.evry' (did you mean 'every'?)"),
        ("epochs=0", "epochs: input should be greater than 0, got 0"),
        ("epochs=many", "epochs: input should be a valid integer"),
        ("epochs", "write it as key.subkey=value"),
        ("epochs.x=1", "'epochs' holds one value"),
        ("epochs=[1", "the value is no YAML"),
        ("precision=fp8", "precision: input should be 'no', 'bf16' or 'fp16', got 'fp8'"),
        ("keep=[best-test]", "keep names best-test, but data.test names no split"),
        ("network.name=null", "network.name: input should be a valid string, got None"),
        ("data.points=null", "data.points: input is not a valid path or input should be a valid string, got None"),
        ("data.normalise={mean: 1, sd: 2}", "data.normalise: input should be 'measured' or input should be a valid"),
        ("keep=[last, x]", "keep: input should be 'last', 'best-val' or 'best-test', got 'x'"),
    ],
)
def test_a_mistake_is_said_in_one_line(file, change, said):
    with pytest.raises(OptionError) as error:
        load_config(file, [change])
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "data: [", "just words"])
def test_a_file_that_is_no_table_is_refused(tmp_path, text):
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(OptionError, match=r"bad\.yaml"):
        load_config(path)


def test_a_config_needs_a_dataset():
    with pytest.raises(OptionError, match="data: field required"):
        parse({"epochs": 3})
