// Runs and their files without a disk pass the shared suites.
import { testRunStore } from '../testing/runs.ts';
import { testArtifactStore } from '../testing/runs-artifacts.ts';
import { createMemoryArtifactStore, createMemoryRunStore } from './index.ts';

testRunStore('memory', createMemoryRunStore);
testArtifactStore('memory', createMemoryArtifactStore);
