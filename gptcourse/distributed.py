"""Several processes that train one model together: torch's DistributedDataParallel, under `torchrun`.

    with processes():                           # does nothing unless torchrun started this process
        for record in train(...): ...

Each process takes its share of every batch; gradients are averaged, so that all hold the same model. The functions here
also answer for a process on its own. This module does not know what a training step is.
"""

import os
from contextlib import contextmanager

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel


def rank():
    """The number of this process, from 0."""
    return dist.get_rank() if _together() else 0


def world_size():
    """How many processes train together."""
    return dist.get_world_size() if _together() else 1


@contextmanager
def processes():
    """Join the processes that torchrun started, and leave them at the end. Gives the device of this one."""
    cuda = torch.cuda.is_available()
    if "WORLD_SIZE" not in os.environ:
        yield torch.device("cuda" if cuda else "cpu")
        return
    device = torch.device("cpu")
    if cuda:
        device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if cuda else "gloo")
    try:
        yield device
    finally:
        dist.destroy_process_group()


def parallel(model):
    """The model as it is to be called in training: its backward pass averages the gradients over all processes."""
    return DistributedDataParallel(model) if _together() else model


def share(batch):
    """The rows of a batch that are this process's own."""
    return batch[rank() :: world_size()]


def mean(value):
    """The mean over all processes of a tensor without dimensions."""
    if _together():
        value = value.detach().clone()
        dist.all_reduce(value)
        value /= world_size()
    return value


def gather(value):
    """What each process has, in a list."""
    if not _together():
        return [value]
    values = [None] * world_size()
    dist.all_gather_object(values, value)
    return values


def _together():
    return dist.is_available() and dist.is_initialized()
