"""Hidden cases of 04-softmax: tuples of arguments, tried after its own. Copy the folder, and keep the copy secret."""


def cases(draw):
    yield ([700.0, -700.0, 0.0],)
    yield ([draw.uniform(-50, 50) for _ in range(40)],)
