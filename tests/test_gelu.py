"""The quick GELU against torch's."""

import torch

from gptcourse.gelu import FastGELU, gelu


def test_the_fast_gelu_is_torchs_and_so_is_its_gradient():
    x = torch.cat((torch.linspace(-12, 12, 4001), torch.tensor([0.0, -1e4, 1e4]))).requires_grad_()
    y, expected = gelu(x), torch.nn.functional.gelu(x, approximate="tanh")
    assert y.grad_fn.name() == "FastGELUBackward"
    torch.testing.assert_close(y, expected, rtol=1e-5, atol=1e-6)
    weights = torch.randn(len(x), generator=torch.Generator().manual_seed(0))
    ours, theirs = (torch.autograd.grad((weights * each).sum(), x)[0] for each in (y, expected))
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=5e-6)
    exact = torch.linspace(-5, 5, 41, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(FastGELU.apply, exact)
    assert torch.equal(gelu(x.detach()), expected)  # without a gradient it is torch's own
