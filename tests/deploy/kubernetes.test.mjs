// deploy/kubernetes: valid, and in agreement with itself and with the program.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { problemsOf } from './support/kubernetes.mjs';
import { assignments, ports, programs, read, run, services, settings, top, version } from './support/tree.mjs';

const folder = 'deploy/kubernetes';
const kustomization = parse(read(`${folder}/kustomization.yaml`));
const manifestsOf = (file) => parseAllDocuments(read(`${folder}/${file}`)).map((document) => document.toJS());
const manifests = kustomization.resources.flatMap(manifestsOf);
const secret = manifestsOf('secret.example.yaml')[0];
const ofKind = (...kinds) => manifests.filter((manifest) => kinds.includes(manifest.kind));
const named = (kind, name) => ofKind(kind).find((manifest) => manifest.metadata.name === name);
const workloads = ofKind('Deployment', 'StatefulSet');
const podOf = (workload) => workload.spec.template;
const containerOf = (workload) => podOf(workload).spec.containers[0];
const config = named('ConfigMap', 'liveops-guard');

function matches(selector, labels) {
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}

test('EveryManifestIsValidForTheApi', () => {
  for (const manifest of [...manifests, secret]) assert.deepEqual(problemsOf(manifest), [], `${manifest.kind} ${manifest.metadata.name}`);
});

test('MisspeltFieldsAreNoticed', () => {
  const broken = structuredClone(named('Deployment', 'gateway'));
  containerOf(broken).readinessProb = containerOf(broken).readinessProbe;
  containerOf(broken).ports[0].containerPort = 'http';
  const problems = problemsOf(broken).join('\n');
  assert.match(problems, /containers\[0\]\.readinessProb is no field/);
  assert.match(problems, /containerPort must be integer/);
});

test('TheKustomizationHasEveryFileButTheExampleOfASecret', () => {
  const files = readdirSync(join(top, folder)).filter((file) => !['kustomization.yaml', 'secret.example.yaml'].includes(file));
  assert.deepEqual([...kustomization.resources].sort(), files.sort());
  for (const manifest of manifests.filter(({ kind }) => kind !== 'Namespace')) {
    assert.equal(manifest.metadata.namespace, kustomization.namespace, manifest.metadata.name);
  }
  assert.ok(named('Namespace', kustomization.namespace));
  assert.deepEqual(kustomization.images.map(({ name, newTag }) => `${name}:${newTag}`), [`liveops-guard:${version}`]);
});

test('EachServiceHasItsWorkloadServiceAndBudget', () => {
  assert.deepEqual(workloads.map(({ metadata }) => metadata.name).sort(), [...services].sort());
  for (const workload of workloads) {
    const { name } = workload.metadata;
    const { labels } = podOf(workload).metadata;
    assert.ok(matches(workload.spec.selector.matchLabels, labels), name);
    assert.ok(matches(named('Service', name).spec.selector, labels), name);
    assert.ok(matches(named('PodDisruptionBudget', name).spec.selector.matchLabels, labels), name);
    for (const other of workloads.filter((it) => it !== workload)) {
      assert.ok(!matches(workload.spec.selector.matchLabels, podOf(other).metadata.labels), `${name} selects ${other.metadata.name}`);
    }
    for (const spread of podOf(workload).spec.topologySpreadConstraints) assert.ok(matches(spread.labelSelector.matchLabels, labels), name);
  }
});

test('PortsAndProbesAreThoseOfTheProgram', () => {
  const routes = parse(read('api/openapi.yaml')).paths;
  for (const workload of workloads) {
    const { name } = workload.metadata;
    const container = containerOf(workload);
    assert.deepEqual(container.command, [`liveops-${name}`]);
    assert.deepEqual(container.ports, [{ name: 'http', containerPort: ports[name] }]);
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      assert.equal(container[probe].httpGet.port, 'http', `${name} ${probe}`);
      assert.ok(routes[container[probe].httpGet.path]?.get, `${name} ${probe}: ${container[probe].httpGet.path}`);
    }
    assert.equal(container.livenessProbe.httpGet.path, '/livez', 'a dependency that is away must not restart pods');
    assert.equal(container.readinessProbe.httpGet.path, '/readyz');
    assert.deepEqual(named('Service', name).spec.ports, [{ name: 'http', port: ports[name], targetPort: 'http' }]);
    assert.equal(podOf(workload).metadata.annotations['prometheus.io/port'], String(ports[name]));
  }
});

test('EveryContainerIsRestrictedAndHasItsResources', () => {
  for (const workload of workloads) {
    const pod = podOf(workload).spec;
    assert.equal(pod.securityContext.runAsNonRoot, true);
    assert.ok(pod.securityContext.runAsUser > 0);
    assert.equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault');
    assert.equal(pod.automountServiceAccountToken, false);
    for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
      const at = `${workload.metadata.name}/${container.name}`;
      assert.equal(container.image, 'liveops-guard', at);
      assert.ok(programs.has(container.command[0]), at);
      assert.deepEqual(container.securityContext,
        { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } }, at);
      assert.ok(container.resources.requests.cpu && container.resources.requests.memory && container.resources.limits.memory, at);
      const volumes = [...(pod.volumes ?? []), ...(workload.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata)];
      for (const mount of container.volumeMounts) assert.ok(volumes.some(({ name }) => name === mount.name), at);
      for (const from of container.envFrom) {
        assert.ok([config, secret].some(({ kind, metadata }) => from[kind === 'Secret' ? 'secretRef' : 'configMapRef']?.name === metadata.name), at);
      }
    }
  }
});

test('GatewaysNameEveryReplicaOfFairness', () => {
  const fairness = named('StatefulSet', 'fairness');
  const headless = named('Service', fairness.spec.serviceName);
  assert.equal(headless.spec.clusterIP, 'None');
  const urls = [...Array(fairness.spec.replicas).keys()].map((index) => `http://fairness-${index}.${fairness.spec.serviceName}:${ports.fairness}`);
  assert.deepEqual(config.data.FAIRNESS_URL.split(','), urls);
});

test('AutoscalersScaleDeploymentsThatSetNoReplicas', () => {
  const scaled = ofKind('HorizontalPodAutoscaler').map(({ spec }) => spec.scaleTargetRef.name);
  assert.deepEqual(scaled.sort(), ofKind('Deployment').map(({ metadata }) => metadata.name).sort());
  for (const deployment of ofKind('Deployment')) assert.equal(deployment.spec.replicas, undefined, deployment.metadata.name);
});

test('EverySettingIsOneThatTheProgramKnows', () => {
  const made = assignments(run('deploy/make-env.sh', ['kubernetes', 'postgresql://db/x', 'redis://cache']).stdout);
  const inContainers = workloads.flatMap((workload) => (containerOf(workload).env ?? []).map(({ name }) => name));
  for (const name of [...Object.keys(config.data), ...Object.keys(secret.stringData), ...Object.keys(made), ...inContainers]) {
    assert.ok(settings.has(name), `${name} is no setting`);
  }
  for (const name of Object.keys(made)) assert.ok(name in secret.stringData, `${name} is not in the example of the secret`);
  for (const name of Object.keys(config.data)) assert.ok(!(name in secret.stringData), `${name} is in both`);
});
