#!/usr/bin/env bash
# box.sh COMMAND…: runs a command inside a throw-away Slurm cluster of its own: one controller, two nodes of 4 processors,
# 4000 MB and 2 stand-ins for GPUs each, partitions `low` (preemptible) and `high`. Needs root and Debian's slurmctld, slurmd,
# slurm-client and munge. Network, processes, mounts and the name of the machine are its own: all ends with the command.
set -euo pipefail
if [ -z "${SLURM_BOX:-}" ]; then
  exec env SLURM_BOX=1 unshare --net --uts --mount --pid --fork --kill-child --mount-proc bash "$0" "$@"
fi
box=$(mktemp -d)
nodes=2
hostname slurmbox
ip link set lo up
# Slurm looks for an address that is not the loopback's, and ends where there is none.
ip link add box0 type veth peer name box1
ip link set box1 up
ip link set box0 up
ip addr add 10.99.0.1/24 dev box0
mkdir -p "$box"/{state,log,spool,run,etc,munge}
printf '127.0.0.1 localhost\n10.99.0.1 slurmbox\n' >"$box/etc/hosts"
mount --bind "$box/etc/hosts" /etc/hosts
mount -t tmpfs tmpfs /run
mkdir -p /run/munge
head -c 1024 /dev/urandom >"$box/munge/key"
chmod 755 "$box"
chown -R munge:munge /run/munge "$box/munge"
chmod 700 "$box/munge"
chmod 400 "$box/munge/key"
# True limits of memory need control groups of version 1; elsewhere Slurm looks at the memory itself.
if grep -q ' /sys/fs/cgroup/freezer ' /proc/mounts && [ -z "${SLURM_BOX_NO_CGROUP:-}" ]; then
  track=cgroup task=cgroup memory=
  printf 'CgroupPlugin=cgroup/v1\nConstrainRAMSpace=yes\nAllowedRAMSpace=100\n' >"$box/etc/cgroup.conf"
else
  track=linuxproc task=none memory=JobAcctGatherParams=OverMemoryKill
  printf 'CgroupPlugin=autodetect\n' >"$box/etc/cgroup.conf"
fi
cat >"$box/etc/slurm.conf" <<CONFIG
ClusterName=box
SlurmctldHost=slurmbox(10.99.0.1)
SlurmUser=slurm
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=/run/munge/munge.socket.2
StateSaveLocation=$box/state
SlurmdSpoolDir=$box/spool/%n
SlurmctldPidFile=$box/run/slurmctld.pid
SlurmdPidFile=$box/run/%n.pid
SlurmctldLogFile=$box/log/slurmctld.log
SlurmdLogFile=$box/log/%n.log
ProctrackType=proctrack/$track
TaskPlugin=task/$task
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
GresTypes=gpu
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
$memory
JobRequeue=1
KillWait=5
SlurmdTimeout=10
MaxArraySize=1001
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName=n[1-$nodes] NodeHostname=slurmbox NodeAddr=10.99.0.1 Port=[17001-$((17000 + nodes))] CPUs=4 RealMemory=4000 Gres=gpu:2 State=UNKNOWN
PartitionName=low Nodes=ALL Default=YES MaxTime=01:00:00 PriorityTier=1 PreemptMode=REQUEUE
PartitionName=high Nodes=ALL MaxTime=01:00:00 PriorityTier=10 PreemptMode=OFF
CONFIG
: >"$box/etc/gres.conf"
for node in $(seq "$nodes"); do
  echo "NodeName=n$node Name=gpu File=/dev/tty[$((2 * node - 1))-$((2 * node))]" >>"$box/etc/gres.conf"
done
chown -R slurm:slurm "$box/state" "$box/log" "$box/etc"
export SLURM_CONF=$box/etc/slurm.conf SLURM_BOX_FOLDER=$box
runuser -u munge -- munged --key-file="$box/munge/key" --pid-file=/run/munge/pid --log-file="$box/munge/log" \
  --seed-file="$box/munge/seed" </dev/null >/dev/null 2>&1
slurmctld -f "$SLURM_CONF" </dev/null >/dev/null 2>&1
for node in $(seq "$nodes"); do slurmd -N "n$node" -f "$SLURM_CONF" </dev/null >/dev/null 2>&1; done
for _ in $(seq 200); do
  [ "$(sinfo --noheader --Node --format='%N %T' 2>/dev/null | grep -c idle)" -ge "$nodes" ] && break
  sleep 0.1
done
if [ "$(sinfo --noheader --Node --format='%N %T' 2>/dev/null | grep -c idle)" -lt "$nodes" ]; then
  echo 'the nodes of the Slurm box did not come up' >&2
  tail -n 20 "$box"/log/*.log >&2
  exit 1
fi
code=0
"$@" || code=$?
for file in "$box"/run/n*.pid; do kill "$(cat "$file")" 2>/dev/null || true; done
for _ in $(seq 30); do
  pgrep -x slurmd >/dev/null || break
  sleep 0.1
done
find /sys/fs/cgroup/*/slurm_n* -depth -type d -exec rmdir {} \; 2>/dev/null || true
umount /run /etc/hosts 2>/dev/null || true
rm -rf "$box"
exit "$code"
