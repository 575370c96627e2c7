import{$ as ao,$a as Ao,$b as Qo,Aa as me,Ab as Bo,B as ge,Ba as St,Bb as Oo,Ca as Tt,Cb as M,D as ar,Da as ho,Db as I,E as ro,Ea as fo,Eb as qo,F as kt,Fa as $o,Fb as xe,G as Ne,Ga as go,Gb as Mo,H as ke,Ha as ko,Hb as Rt,Ia as bo,Ib as Pt,J as oo,Ja as Ct,Jb as Et,K as m,Ka as je,L as q,La as At,M as no,Ma as yo,Mb as No,N as so,Na as We,Nb as zo,O as D,Oa as _t,Ob as Uo,Pa as nt,Pb as jo,Qa as _e,Qb as Wo,Ra as Le,Rb as Ze,S as rt,Sa as dr,Sb as Pe,Ta as vo,Tb as Ho,U as oe,Ua as He,V as E,Va as wo,Vb as Yo,W as F,Wa as xo,Wb as G,X as b,Xa as V,Xb as Dt,Y as io,Ya as So,Yb as Vo,Z as lr,Za as To,Zb as H,_ as ae,_a as Co,_b as Zo,a as N,aa as be,ab as Lt,ac as Ft,ba as ye,bc as It,c as g,cc as he,d as w,da as Q,e as Qr,ea as lo,eb as _o,ec as Go,f as z,fa as ze,fc as R,g as re,ga as Ue,gc as Ko,h as Gr,ha as bt,hc as Xo,i as B,ia as yt,ib as Lo,j as tt,ja as U,jb as Ro,ka as vt,l as s,la as wt,m as d,ma as co,n as $e,na as T,o as Kr,oa as uo,ob as Po,p as Xr,pa as X,pb as Eo,q as Jr,qa as ot,qb as k,r as eo,ra as po,rb as Ye,s as sr,sa as xt,sb as we,tb as Do,ub as Fo,v as O,va as ve,vb as C,w as K,wa as mo,wb as Io,x as to,xb as Re,y as ir,z as Z,za as cr,zb as Ve}from"./chunk-77MJH376.js";function Jo({kind:t,payload:e},r){return t==="fathom.sync"?{title:e?.full?"Sync all meetings":"Sync meetings"}:t==="recordings.expire"?{title:"Delete videos that are no longer kept"}:t==="fathom.webhook"?{title:"Update the webhook at Fathom"}:t==="loom.find_videos"?{title:"Look for your uploads at Loom"}:t==="notice.send"?{title:"Send notifications"}:t==="fathom.parts"&&!e?.recording_id?{title:"Copy summaries and transcripts"}:t==="fathom.parts"?{title:`Copy summary and transcript: ${r?.title||`recording ${e.recording_id}`}`,...r&&{href:K(r.id)}}:t!=="recording.transfer"?{title:t}:r?{title:r.title||"Untitled meeting",href:K(r.id)}:{title:`Recording ${e?.recording_id}`}}var wi=Le("Running","moving","copy"),xi=Le("Waiting","waiting","clock"),Si=Le("Done","good","check"),Ti=Le("Copied","kept","box"),Ci=Le("Problem","bad","alert"),Ai=Le("Cancelled","plain","cross");function en(t,e,r=""){switch(t.status){case"dead":return{...Ci,detail:t.error};case"cancelled":return Ai;case"completed":return t.kind==="recording.transfer"?_i(t,e):Si}if(t.kind==="recording.transfer")return _e(e?.job===t.id?e:void 0,t,r);let o=[t.stage&&Li(t.stage),r].filter(Boolean).join(" ");return{...t.status==="processing"?wi:xi,detail:o}}function _i(t,e){let r=e?.job===t.id,o=e&&["delivered","stored","awaiting_share_url"].includes(e.status);return r||o?_e(e,t):Ti}var Li=t=>`${t.replace(/^./,e=>e.toUpperCase())}.`,tn=(t,e=Date.now())=>t.finished_at?`Ended ${Q(t.finished_at,e)}.`:"",rn=t=>(t??[]).filter(({outcome:e})=>!["snoozed","held","released"].includes(e));var Ri={completed:"Completed",failed:"Failed",dead:"Failed permanently",cancelled:"Cancelled",interrupted:"Interrupted by a server crash"};function on({attempts:t}){return t.length?s`
		<details>
			<summary>${T(t.length,"attempt")}</summary>
			<ol class="attempts">
				${t.toReversed().map(e=>s`
					<li key=${e.started}>
						<p class="muted">${ae(e.started)}, ${ye(e.started)} · ${Pi(e)}</p>
						<p>${Ri[e.outcome]??e.outcome}.${e.error&&` ${e.error}`}</p>
					</li>`)}
			</ol>
		</details>`:null}function Pi({started:t,ended:e}){let r=(Number(lr(e))-Number(lr(t)))/1e3;return ze(Math.ceil(r))||"less than 1 s"}function st({workspace:t,job:e,cause:r}){let{jobs:o}=t,{title:n,href:i}=Jo(e,t.titleByRecording.value.get(e.payload?.recording_id)),a=e.kind==="recording.transfer"?t.transferOf(e.payload?.recording_id):void 0,l=M(e.finished_at,...Ct(e,o)),c=en(e,a,bo(e,o,l)),p=$e(e)&&c.phase==="running";return s`
		<li class="row job" data-job=${e.id} data-keep=${`job ${e.id}`}>
			<div class="row-main">
				<div class="job-head">
					<h3 dir="auto">${i?s`<a href=${i}>${n}</a>`:n}</h3>
					${r===void 0&&s`<${Dt} state=${c} href=${c.phase==="upload"?i:void 0} />`}
				</div>
				<p class="hidden" aria-live="polite">${`${n}: ${c.word}`}</p>
				${p&&s`
					<${Et} titles=${At(a,e)} step=${c.step??0} />
					<${Rt} workspace=${t} transferID=${a?.id??""} state=${c} name=${`Progress of ${n}`} />`}
				${!p&&$e(e)&&s`<p class="muted">${c.detail}</p>`}
				${!p&&!$e(e)&&s`<p class="muted">${tn(e,l)}</p>`}
				${!p&&e.status==="processing"&&s`<progress aria-label=${`Progress of ${n}`} max="1" value=${e.progress||void 0} />`}
				${r!==void 0&&!e.error.startsWith(r)&&s`<p class="error">${e.error}</p>`}
				<${on} attempts=${rn(e.history)} />
			</div>
			<div class="row-side"><${Pt} kind="quiet small" jobs=${o} job=${e} title=${n} /></div>
		</li>`}var Ei=3;function nn({workspace:t,problem:{cause:e,jobs:r,fix:o,isHopeless:n}}){let[i,a]=g(!1),[l,c]=g(0),{run:p,busy:u,error:f}=k(async()=>c((await t.jobs.retryAll(r)).skipped),"It starts again."),h=i?r:r.slice(0,Ei);return s`
		<section class="card problem">
			<h2 dir="auto">${e}</h2>
			${(o||r.length>1)&&s`<div class="actions">
				${o&&s`<a class="button primary" href=${Z(o.section)}>${o.label}</a>`}
				${r.length>1&&s`<${d} kind=${o||n?"quiet":"primary"} busy=${u} onClick=${p}>Retry all ${r.length}</${d}>`}
			</div>`}
			${n&&!o&&s`<p class="hint">A retry helps only if something has changed since.</p>`}
			${l>0&&s`<p class="hint" role="status">Skipped ${T(l,"job")}, because the same work is already waiting or running.</p>`}
			${f&&s`<${m}>${b(f)}</${m}>`}
			<ul class="rows">${h.map($=>s`<${st} key=${$.id} workspace=${t} job=${$} cause=${e} />`)}</ul>
			${r.length>h.length&&s`<${d} kind="link" onClick=${()=>a(!0)}>Show all ${T(r.length,"job")}</${d}>`}
		</section>`}var Di=[{matches:io,fix:{label:"Free up storage",section:"storage"}},{matches:t=>/\bAPI key\b/.test(t),fix:{label:"Check the Fathom API key",section:"fathom"}},{matches:t=>/\b(Atlassian|connect(ion)? (to )?Loom|Loom in Settings|Loom account)\b/i.test(t),fix:{label:"Check the connection to Loom",section:"loom"}}];function sn(t){let e=new Map;for(let r of t){let o=Fi(r.error),n=o.replace(/“.*?”/g,"\u201C\u201D").replace(/\d[\d.,]*(\s(bytes|[kMGT]B))?/g,"0"),i=e.get(n);i?(i.jobs.push(r),i.isHopeless&&=nt(r)):e.set(n,{key:n,cause:o,jobs:[r],fix:Di.find(({matches:a})=>a(o))?.fix,isHopeless:nt(r)})}return[...e.values()].sort((r,o)=>o.jobs.length-r.jobs.length)}var Fi=t=>t.replace(/ Gave up after .*$/s,"").trim()||"Something went wrong.";var it=50,an=["processing","pending","failed"],Ii={"fathom.sync":"syncs","recording.transfer":"copies"};function Bi({workspace:t,query:e}){let{jobs:r,titles:o}=t,n=Jr(e),i=r.loaded.value&&(o.loaded.value||o.error.value),{active:a,problems:l,ended:c}=eo(r.all,n.group);a.sort(Oi(r));let p=u=>i&&(n.show==="all"||n.show===u);return s`
		<div class="page">
			<div class="page-head">
				<div><${H} title="Activity" /></div>
				<div class="actions">
					${a.length>1&&n.group==="all"&&s`
						<${R} label="Cancel all" cancelLabel="Keep them" action=${()=>r.cancelAll()}
							question=${`Cancel all ${T(a.length,"job")}? Videos that are already copied are kept.`} />`}
				</div>
			</div>
			<${qi} filter=${n} counts=${{active:a.length,problems:l.length}} />
			<${Mi} jobs=${r} active=${a} />
			${r.error.value&&s`<${m}>${r.error.value} <${d} kind="link" onClick=${()=>r.reload()}>Try again</${d}></${m}>`}
			${!i&&!r.error.value&&s`<${q} label="Loading your activity" />`}
			${p("active")&&s`
				<section class="jobs" aria-labelledby="active-heading">
					<h2 id="active-heading" aria-live="polite">${a.length?T(a.length,"active job"):"No active jobs"}</h2>
					${a.length?s`<${Ni} workspace=${t} jobs=${a} />`:s`<p class="muted">Syncs and copies appear here.</p>`}
				</section>`}
			${p("problems")&&sn(l).map(u=>s`<${nn} key=${u.key} workspace=${t} problem=${u} />`)}
			${p("problems")&&!l.length&&n.show==="problems"&&s`<p class="muted">No problems.</p>`}
			${p("ended")&&s`<${zi} workspace=${t} jobs=${c} isAlone=${n.show==="ended"} />`}
		</div>`}var Oi=t=>(e,r)=>an.indexOf(e.status)-an.indexOf(r.status)||(t.placeOf(e).position||1/0)-(t.placeOf(r).position||1/0)||e.run_at.localeCompare(r.run_at)||e.id.localeCompare(r.id);function qi({filter:t,counts:e}){let{show:r,group:o}=t;return s`
		<div class="filters">
			<nav class="chips" aria-label="Show">
				${Object.entries(Kr).map(([n,i])=>{let a=e[n];return s`
						<a key=${n} href=${ir({group:o,show:n})} aria-current=${n===r?"true":void 0}>
							${i}${a>0&&s` <span class="count">${a.toLocaleString()}</span>`}
						</a>`})}
			</nav>
			<label class="hidden" for="job-group">Jobs</label>
			<select id="job-group" value=${o} onChange=${n=>ge(ir({show:r,group:n.currentTarget.value}),{replace:!0})}>
				${Object.entries(Xr).map(([n,i])=>s`<option key=${n} value=${n}>${i}</option>`)}
			</select>
		</div>`}function Mi({jobs:t,active:e}){let r=new Set(e.map(a=>a.kind).filter(a=>t.isPaused(a))),o=t.isPaused("*");if(!o&&!r.size)return null;let n=[...r].map(a=>t.pauseReason(a)).find(Boolean);if(n)return s`<${m} kind="note">${n}</${m}>`;let i=o?"the queue":[...r].map(a=>Ii[a]??a).join(" and ");return s`<${m} kind="note">The operator has paused ${i}. Running jobs will finish; waiting jobs will start when the pause ends.</${m}>`}function Ni({workspace:t,jobs:e}){let[r,o]=g(it);return s`
		<ul class="rows">
			${e.slice(0,r).map(n=>s`<${st} key=${n.id} workspace=${t} job=${n} />`)}
		</ul>
		${e.length>r&&s`
			<p class="more">
				<${d} kind="quiet" onClick=${()=>o(r+it)}>Show more</${d}>
				<span class="muted">${r} of ${T(e.length,"job")}</span>
			</p>`}`}function zi({workspace:t,jobs:e,isAlone:r}){let[o,n]=g(it),[i,a]=g(!1),{run:l,busy:c,error:p}=k(async()=>{o>=e.length&&a(!await t.jobs.loadOlder()),n(o+it)}),u=M();return e.length?s`
		${[...Map.groupBy(e.slice(0,o),f=>ao(f.finished_at,u))].map(([f,h])=>s`
			<section class="jobs" key=${f}>
				<h2>${f}</h2>
				<ul class="rows">${h.map($=>s`<${st} key=${$.id} workspace=${t} job=${$} />`)}</ul>
			</section>`)}
		${(e.length>o||!i)&&e.length>=it&&s`
			<p class="more"><${d} kind="quiet" busy=${c} onClick=${l}>Show older</${d}>${p&&s`<span class="error">${b(p)}</span>`}</p>`}`:r?s`<p class="muted">Nothing has finished yet.</p>`:null}function Ui({workspace:t}){let[e]=g(()=>ot.peek()),r=e?ko(e,location):"There is no sign-in to finish.",o=k(async()=>{e&&(await mo(t,e),ot.value=null,ge(Z("loom"),{replace:!0}))}),n=k(()=>ve(t));w(()=>{r?ot.value=null:o.run()},[]);let{error:i}=o,a=i&&oe(i)===0;w(()=>{i&&!a&&(ot.value=null)},[i]);let l=r||i&&b(i);return s`
		<div class="page narrow">
			<${H} title="Connect Atlassian" />
			<section class="card" aria-label="Sign-in at Atlassian">
				${!l&&s`<${q} label="Connecting Atlassian" />`}
				${l&&s`
					<${m}>${l}</${m}>
					<div class="actions">
						${a?s`<${d} onClick=${o.run}>Try again</${d}>`:s`<${d} busy=${n.busy} onClick=${n.run}>Start again</${d}>`}
						<a class="button quiet" href=${Z("loom")}>Back to settings</a>
					</div>
					${n.error&&s`<${m}>${b(n.error)}</${m}>`}`}
			</section>
		</div>`}function ji({query:t}){let[e,r]=g(null),{run:o,error:n}=k(async()=>r(await D.send("/api/oauth/question",{method:"POST",body:{query:t}})));return w(()=>{o()},[]),s`
		<div class="page narrow">
			<${H} title="Give an assistant access?" />
			<section class="card" aria-label="Request for access">
				${!e&&!n&&s`<${q} label="Reading the request" />`}
				${n&&s`<${Wi} error=${n} onRetry=${o} />`}
				${e&&s`<${Hi} question=${e} />`}
			</section>
		</div>`}function Wi({error:t,onRetry:e}){let r=X(t?.response?.return_url),o=[0,429].includes(oe(t))||oe(t)>=500;return s`
		<${m}>${oe(t)===404?"This server doesn\u2019t let assistants ask for access.":F(t)}</${m}>
		<div class="actions">
			${o&&s`<${d} onClick=${e}>Try again</${d}>`}
			${r&&s`<${d} kind="quiet" onClick=${()=>location.replace(r)}>Return to ${new URL(r).host}</${d}>`}
			<a class="button quiet" href=${O("/")}>To your meetings</a>
		</div>`}function Hi({question:t}){let{run:e,busy:r,error:o}=k(async n=>{let{redirect:i}=await D.send("/api/oauth/decision",{method:"POST",body:{decision:t.decision,allow:n}}),a=X(i);if(!a)throw new Error("The address of the assistant is not valid");location.replace(a)});return s`
		<p>${t.name?s`A program that calls itself <strong>${t.name}</strong>`:"A program without a name"} asks
			to read your meetings.</p>
		<dl class="facts stacked">
			<div><dt>Who describes it</dt>
				<dd>${t.host?s`The website <strong>${t.host}</strong>`:"Nobody but the program itself"}</dd></div>
			<div><dt>Where access goes</dt>
				<dd><strong>${t.redirect_host}</strong>${t.is_local&&", a program on the computer in front of you"}</dd></div>
			<div><dt>What it can read</dt>
				<dd>Titles, people, summaries, action items, transcripts and the state of copies. It can change, share and delete nothing.</dd></div>
			<div><dt>For how long</dt>
				<dd>Until ${be(t.ends)}, or until you revoke it in Settings</dd></div>
		</dl>
		<${m} kind="note">This server has not verified who is asking; a name can be made up. Allow access only if you have just
			started this in an assistant that you trust${t.is_local?" on this computer":""}.</${m}>
		<div class="actions">
			<${d} busy=${r} onClick=${()=>e(!0)}>Allow</${d}>
			<${d} kind="quiet" disabled=${r} onClick=${()=>e(!1)}>Deny</${d}>
		</div>
		${o&&s`<${m}>${F(o)}</${m}>`}`}function j({title:t,children:e}){return s`
		<main class="account-card">
			<a class="brand" href=${O("/")} aria-label="Fathom-to-Loom: start"><${ro} /><span>Fathom-to-Loom</span></a>
			<section class="card form-card">
				<${H} title=${t} />
				${e}
			</section>
		</main>`}var at=()=>D.collection("users");function Se(t,e){let r=no(t)[e];return typeof r=="string"&&Do(r)?r:""}var Bt=t=>at().requestPasswordReset(t),ln=t=>at().requestEmailChange(t);async function cn(t,e){await at().confirmPasswordReset(t,e,e),await pn(Se(t,"email"),e,"Your new password was saved. Sign in with it.")}async function dn(t,e){let r=Se(t,"newEmail");await at().confirmEmailChange(t,e),await pn(r,e,`Your new address was saved. Sign in with ${r}.`)}async function un(t){await at().confirmVerification(t),Lt.value.phase==="ready"&&await Lt.value.workspace.checkVerified().catch(()=>{})}async function pn(t,e,r){Eo(r),await _o(t,e).catch(()=>{}),ge(O(Lt.value.phase==="ready"?"/":"/sign-in"),{replace:!0})}function Yi({token:t}){let{run:e,busy:r,error:o}=k(dn),n=Se(t,"newEmail"),i=n?we(o):"This link is incomplete. Open it again from the message, or copy all of it.",a=c=>{c.preventDefault(),e(t,String(new FormData(c.currentTarget).get("password")))};if(i)return s`
			<${j} title="Confirm your new address">
				<${m}>${i}</${m}>
				<p><a class="button primary" href=${Z("security")}>Ask for another link</a></p>
			</${j}>`;let l=!!E(o,"password");return s`
		<${j} title="Confirm your new address">
			<p>From now on, your account will use <strong>${n}</strong>. All other browsers will be signed out.</p>
			<form onSubmit=${a}>
				<input type="email" autocomplete="username" value=${n} readOnly hidden />
				<${C} id="password" label="Your password" type="password" required autocomplete="current-password" error=${l?"This is not the password of your account.":""} />
				${o&&!l&&s`<${m}>${F(o)}</${m}>`}
				<${d} type="submit" busy=${r}>Use this address</${d}>
			</form>
		</${j}>`}function Vi(){return w(()=>{So()},[]),s`
		<${j} title="Forgot your password?">
			${V.value.mail?s`<${Zi} />`:s`<p>This server can’t send e-mail. Ask <${Re} /> to set a new password for you.</p>`}
			<p><a href=${O("/sign-in")}>Back to sign-in</a></p>
		</${j}>`}function Zi(){let[t,e]=g(""),{run:r,busy:o,error:n}=k(Bt),i=async l=>{l.preventDefault();let c=String(new FormData(l.currentTarget).get("email")).trim();await r(c)&&e(c)},a=E(n,"email");return s`
		<p>Enter the e-mail address of your account. You’ll receive a link with which you choose a new password.</p>
		<form onSubmit=${i}>
			<${C} id="email" label="E-mail" type="email" required autocomplete="username" error=${a} />
			${n&&!a&&s`<${m}>${F(n)}</${m}>`}
			<${d} type="submit" busy=${o}>Send the link</${d}>
		</form>
		${t&&s`
			<${m} kind="note">If ${t} has an account here, a message with a link is on its way. The link works for half an hour. If nothing
				arrives, look in your spam folder, and ask again in ten minutes. If you can’t read mail at this address any more, ask <${Re} />.</${m}>`}`}function Qi(){let{version:t}=V.value;return s`
		<div class="page narrow help">
			<${H} title="Help" />
			<h2>From Fathom to Loom</h2>
			<ol>
				<li>Save your Fathom API key in <a href=${Z("fathom")}>Settings</a>. Your meetings are listed here.</li>
				<li>Copy a meeting: its video, summary and transcript are stored in your own database on this server.</li>
				<li>The video goes on to Loom: by itself if you have <a href=${Z("loom")}>connected Loom</a>, otherwise you upload
				the file there and paste Loom’s link.</li>
			</ol>
			<h2>What is stored, and who can read it</h2>
			<p>Your meetings are kept in a database that belongs to you alone. The operator of this server can open it, and you see
			under <a href=${Z("security")}>Security</a> when that happened. Keys are encrypted and never shown again.
			Nothing is deleted at Fathom or Loom. You can <a href=${Z("data")}>download everything or delete your account</a>.</p>
			<h2>Loom’s limits</h2>
			<p>Loom’s free plan takes 25 videos of up to 5 minutes each. For others to see a video, its link must be visible to
			anyone who has it; Loom asks for that when you share.</p>
			<h2>When something doesn’t work</h2>
			<p>Every problem says what to do next. If it stays, tell the operator of this server what you did and when.</p>
			${t&&s`<p class="muted">Version ${t}</p>`}
		</div>`}function Qe({at:t,onSeek:e}){let r=wt(t);if(r===null)return null;let o=co(t);return e?s`<button type="button" class="link timestamp" aria-label=${`Play from ${o}`} onClick=${()=>e(r)}>${o}</button>`:s`<span class="timestamp">${o}</span>`}function mn({items:t,missing:e,onSeek:r}){return s`
		<section>
			<h2>Action items</h2>
			${t?.length?s`
				<ul class="todo">
					${t.map((o,n)=>s`
						<li key=${n} class=${o.completed?"done":""}>
							<span class="box" aria-hidden="true">${o.completed&&s`<${Ne} />`}</span>
							<span>
								<span class="what" dir="auto">${o.description}</span>
								${o.completed&&s`<span class="hidden"> (done)</span>`}
								<span class="muted">${o.assignee?.name&&`${o.assignee.name} \xB7 `}<${Qe} at=${o.recording_timestamp} onSeek=${r} /></span>
							</span>
						</li>`)}
				</ul>`:e}
		</section>`}function hn(t,e){return t.map(({start:r,title:o},n)=>{let i=t[n+1]?.start??(e>0&&e<1/0?e:0);return{start:r,end:Math.max(i,r+1),title:o}})}var fn=(t,e)=>t.findLastIndex(({start:r})=>r<=e);function $n({chapters:t,player:e,onSeek:r}){let o=Gi(t,e);return t.length?s`
		<section>
			<h2 id="chapters-heading">Chapters</h2>
			<ol class="chapters" aria-labelledby="chapters-heading">
				${t.map(({start:n,title:i},a)=>s`
					<li key=${a}>
						<button type="button" aria-current=${a===o?"true":void 0} onClick=${()=>r(n)}>
							<span class="timestamp">${bt(n)}</span>${" "}<span dir="auto">${i}</span>
						</button>
					</li>`)}
			</ol>
		</section>`:null}function Gi(t,e){let[r,o]=g(-1);return w(()=>{let n=e.current;if(!n||!t.length)return;let i=()=>o(fn(t,n.currentTime)),a=()=>Ki(n,t);a(),i(),n.addEventListener("durationchange",a);for(let l of["timeupdate","seeking"])n.addEventListener(l,i);return()=>{n.removeEventListener("durationchange",a);for(let l of["timeupdate","seeking"])n.removeEventListener(l,i)}},[t,e.current]),r}function Ki(t,e){let r=[...t.textTracks].find(({kind:o})=>o==="chapters")??t.addTextTrack("chapters","Chapters");r.mode="hidden";for(let o of[...r.cues??[]])r.removeCue(o);for(let{start:o,end:n,title:i}of hn(e,t.duration))r.addCue(new VTTCue(o,n,i))}function gn({items:t,missing:e,onSeek:r}){return s`
		<section>
			<h2>Highlights</h2>
			${t?.length?s`
				<ul class="highlights">
					${t.map((o,n)=>s`
						<li key=${n}>
							<span class="what" dir="auto">${o.summary||o.text}</span>
							<span class="muted">${o.type&&`${o.type} \xB7 `}<${Qe} at=${Xi(o.start_time)} onSeek=${r} /></span>
						</li>`)}
				</ul>`:e}
		</section>`}function Xi(t){let e=Math.max(0,Math.floor(t||0));return[e/3600,e/60%60,e%60].map(r=>String(Math.floor(r)).padStart(2,"0")).join(":")}function hr(){return{async:!1,breaks:!1,extensions:null,gfm:!0,hooks:null,pedantic:!1,renderer:null,silent:!1,tokenizer:null,walkTokens:null}}var Be=hr();function _n(t){Be=t}var De={exec:()=>null};function Ee(t){let e=[];return r=>{let o=Math.max(0,Math.min(3,r-1)),n=e[o];return n||(n=t(o),e[o]=n),n}}function A(t,e=""){let r=typeof t=="string"?t:t.source,o={replace:(n,i)=>{let a=typeof i=="string"?i:i.source;return a=a.replace(W.caret,"$1"),r=r.replace(n,a),o},getRegex:()=>new RegExp(r,e)};return o}var Ln=((t="")=>{try{return!!new RegExp("(?<=1)(?<!1)"+t)}catch{return!1}})(),W={codeRemoveIndent:/^(?: {0,3}\t| {1,4})/gm,listInterruptsParagraph:/^ {0,3}(?:[*+-]|1[.)])[ \t]+[^ \t\n]/,outputLinkReplace:/\\([\[\]])/g,indentCodeCompensation:/^(\s+)(?:```)/,beginningSpace:/^\s+/,endingHash:/#$/,startingSpaceChar:/^ /,endingSpaceChar:/ $/,endingSpaceTabChar:/[ \t]$/,nonSpaceChar:/[^ ]/,newLineCharGlobal:/\n/g,tabCharGlobal:/\t/g,leadingSpaceTab:/^[ \t]+/,multipleSpaceGlobal:/\s+/g,blankLine:/^[ \t]*$/,doubleBlankLine:/\n[ \t]*\n[ \t]*$/,blockquoteStart:/^ {0,3}>/,blockquoteSetextReplace:/\n {0,3}((?:=+|-+)[ \t]*)(?=\n|$)/g,blockquoteSetextReplace2:/^ {0,3}>[ \t]?/gm,blockquoteMarkerWhitespace:/^( {0,3}>)(\t[ \t]*)/gm,nestedBlockMarker:/^ {0,3}(?:(?:[*+-]|\d{1,9}[.)])(?: |$)|> ?)/,listReplaceNesting:/^ {1,4}(?=( {4})*[^ ])/g,listIsTask:/^\[[ xX]\][ \t]+\S/,listReplaceTask:/^\[[ xX]\][ \t]+/,listTaskCheckbox:/\[[ xX]\]/,anyLine:/\n.*\n/,hrefBrackets:/^<(.*)>$/,tableDelimiter:/[:|]/,tableAlignChars:/^\||\| *$/g,tableRowBlankLine:/\n[ \t]*$/,tableAlignRight:/^ *-+: *$/,tableAlignCenter:/^ *:-+: *$/,tableAlignLeft:/^ *:-+ *$/,startATag:/^<a /i,endATag:/^<\/a>/i,startPreScriptTag:/^<(pre|code|kbd|script)(\s|>)/i,endPreScriptTag:/^<\/(pre|code|kbd|script)(\s|>)/i,startAngleBracket:/^</,endAngleBracket:/>$/,pedanticHrefTitle:/^([^'"]*[^\s])\s+(['"])(.*)\2/,unicodeAlphaNumeric:/[\p{L}\p{N}]/u,numericCharacterReference:/&#(?:(\d{1,7})|[Xx]([A-Fa-f0-9]{1,6}));/,numericCharacterReferenceOrAmpersand:/&#(?:(\d{1,7})|[Xx]([A-Fa-f0-9]{1,6}));|&(?!(#\d{1,7}|#[Xx][a-fA-F0-9]{1,6}|\w+);)/g,escapeTest:/[&<>"']/,escapeReplace:/[&<>"']/g,escapeTestNoEncode:/[<>"']|&(?!(#\d{1,7}|#[Xx][a-fA-F0-9]{1,6}|\w+);)/,escapeReplaceNoEncode:/[<>"']|&(?!(#\d{1,7}|#[Xx][a-fA-F0-9]{1,6}|\w+);)/g,caret:/(^|[^\[])\^/g,percentDecode:/%25/g,findPipe:/\|/g,splitPipe:/ \|/,slashPipe:/\\\|/g,carriageReturn:/\r\n|\r/g,spaceLine:/^ +$/gm,notSpaceStart:/^\S*/,endingNewline:/\n$/,listItemRegex:t=>new RegExp(`^( {0,3}${t})((?:[	 ][^\\n]*)?(?:\\n|$))`),nextBulletRegex:Ee(t=>new RegExp(`^ {0,${t}}(?:[*+-]|\\d{1,9}[.)])((?:[ 	][^\\n]*)?(?:\\n|$))`)),hrRegex:Ee(t=>new RegExp(`^ {0,${t}}((?:-[ 	]*){3,}|(?:_[ 	]*){3,}|(?:\\*[ 	]*){3,})(?:\\n+|$)`)),fencesBeginRegex:Ee(t=>new RegExp(`^ {0,${t}}(?:\`\`\`|~~~)`)),headingBeginRegex:Ee(t=>new RegExp(`^ {0,${t}}#{1,6}(?:\\s|$)`)),pedanticHeadingBeginRegex:Ee(t=>new RegExp(`^ {0,${t}}#`)),htmlBeginRegex:Ee(t=>new RegExp(`^ {0,${t}}(?:</?(?:${$r})(?:[ \\t]+|$|/?>)|<(?:(?:script|pre|style|textarea)(?:[\\s>]|$)|!--)|<\\?|<![A-Za-z]|<!\\[CDATA\\[)`,"i")),blockquoteBeginRegex:Ee(t=>new RegExp(`^ {0,${t}}>`)),nestedContainerMarkers:/^(?: {0,3}(?:(?:[*+-]|\d{1,9}[.)])[ \t]+|>[ \t]?))+/},Ji=/^(?:[ \t]*(?:\n|$))+/,ea=/^((?: {4}| {0,3}\t)[^\n]+(?:\n(?:[ \t]*(?:\n|$))*)?)+/,ta=/^ {0,3}(`{3,}(?=[^`\n]*(?:\n|$))|~{3,})([^\n]*)(?:\n|$)(?:|([\s\S]*?)(?:\n|$))(?: {0,3}(?:(?=`)\1`*|(?=~)\1~*) *(?=\n|$)|$)/,dt=/^ {0,3}((?:-[\t ]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})(?:\n+|$)/,ra=/^ {0,3}(#{1,6})(?=\s|$)(.*)(?:\n+|$)/,fr=/ {0,3}(?:[*+-]|\d{1,9}[.)])/,$r="address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|meta|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul",ut=A(" {0,3}(?:</?(?:tag)(?:[ \\t]+|\\n|/?>)|<(?:(?:script|pre|style|textarea)(?:[\\s>]|$)|!--)|<\\?|<![A-Za-z]|<!\\[CDATA\\[)").replace("tag",$r).getRegex(),Rn=/^(?!bull |blockCode|fences|blockquote|heading|html|table)((?:.|\n(?!\s*?\n|bull |fences|blockquote|heading|hr|html|table))+?)\n {0,3}(=+|-+)[ \t]*(?:\n+|$)/,Pn=A(Rn).replace(/bull/g,fr).replace(/blockCode/g,/(?: {4}| {0,3}\t)/).replace(/fences/g,/ {0,3}(?:`{3,}|~{3,})/).replace(/blockquote/g,/ {0,3}>/).replace(/heading/g,/ {0,3}#{1,6}(?:\s|$)/).replace(/hr/g,/ {0,3}(?:(?:-[\t ]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})(?:\n+|$)/).replace(/\|table/g,"").replace(/html/g,ut).getRegex(),oa=A(Rn).replace(/bull/g,fr).replace(/blockCode/g,/(?: {4}| {0,3}\t)/).replace(/fences/g,/ {0,3}(?:`{3,}|~{3,})/).replace(/blockquote/g,/ {0,3}>/).replace(/heading/g,/ {0,3}#{1,6}(?:\s|$)/).replace(/hr/g,/ {0,3}(?:(?:-[\t ]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})(?:\n+|$)/).replace(/table/g,/ {0,3}\|?(?:[:\- ]*\|)+[\:\- ]*\n/).replace(/html/g,ut).getRegex(),gr=/^([^\n]+(?:\n(?!hr|heading|lheading|blockquote|fences|list|html|table|[ \t]+\n)[^\n]+)*)/,na=/^[^\n]+/,kr=/(?!\s*\])(?:\\[\s\S]|[^\[\]\\\n]|\n(?![ \t]*\n))+/,sa=A(/^ {0,3}\[(label)\]: *(?:\n[ \t]*)?([^<\s][^\s]*|<(?:\\.|[^\n<>\\])*>)(?:(?: +(?:\n[ \t]*)?| *\n[ \t]*)(title))? *(?:\n+|$)/).replace("label",kr).replace("title",/(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\\n]|\n(?!\n))*'|\((?:\\[\s\S]|[^()\\])*\))/).getRegex(),ia=A(/^(bull)([ \t][^\n]*?)?(?:\n|$)/).replace(/bull/g,fr).getRegex(),br=/<!--(?:-?>|[\s\S]*?(?:-->|$))/,aa=A("^ {0,3}(?:<(script|pre|style|textarea)[\\s>][\\s\\S]*?(?:</\\1>[^\\n]*\\n*|$)|comment[^\\n]*(\\n+|$)|<\\?[\\s\\S]*?(?:\\?>[^\\n]*\\n*|$)|<![A-Z][\\s\\S]*?(?:>[^\\n]*\\n*|$)|<!\\[CDATA\\[[\\s\\S]*?(?:\\]\\]>[^\\n]*\\n*|$)|</?(tag)(?:[ \\t]+|\\n|/?>|$)[\\s\\S]*?(?:(?:\\n[ 	]*)+\\n|$)|<(?!(?:script|pre|style|textarea)(?![a-z0-9-]))([a-z][a-z0-9-]*)(?:attribute)*?[ \\t]*/?>(?=[ \\t]*(?:\\n|$))[\\s\\S]*?(?:(?:\\n[ 	]*)+\\n|$)|</[a-z][a-z0-9-]*\\s*>(?=[ \\t]*(?:\\n|$))[\\s\\S]*?(?:(?:\\n[ 	]*)+\\n|$))","i").replace("comment",br).replace("tag",$r).replace("attribute",/[ \t]+[a-zA-Z:_][\w.:-]*(?:[ \t]*=[ \t]*"[^"\n]*"|[ \t]*=[ \t]*'[^'\n]*'|[ \t]*=[ \t]*[^\s"'=<>`]+)?/).getRegex(),En=t=>A(gr).replace("hr",dt).replace("heading"," {0,3}#{1,6}(?:\\s|$)").replace("|lheading","").replace("|table","").replace("blockquote"," {0,3}>").replace("fences"," {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)").replace("list",t).replace("html",ut).getRegex(),la=En(/ {0,3}(?:[*+-]|1[.)])[ \t]+[^ \t\n]/),ca=En(/ {0,3}(?:[*+-]|\d{1,9}[.)])(?:[ \t]|\n|$)/),da=A(/^( {0,3}> ?(?:(?![ \t]*(?:\n|$))(paragraph)|[^\n]*)(?:\n|$))+/).replace("paragraph",ca).getRegex(),yr={blockquote:da,code:ea,def:sa,fences:ta,heading:ra,hr:dt,html:aa,lheading:Pn,list:ia,newline:Ji,paragraph:la,table:De,text:na},kn=A("^ *([^\\n ].*)\\n {0,3}((?:\\| *)?:?-+:? *(?:\\| *:?-+:? *)*(?:\\| *)?)(?:\\n((?:(?! *\\n|hr|heading|blockquote|code|fences|list|html).*(?:\\n|$))*)\\n*|$)").replace("hr",dt).replace("heading"," {0,3}#{1,6}(?:\\s|$)").replace("blockquote"," {0,3}>").replace("code","(?: {4}| {0,3}	)[^\\n]").replace("fences"," {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)").replace("list"," {0,3}(?:[*+-]|1[.)])[ \\t]").replace("html",ut).getRegex(),ua={...yr,lheading:oa,table:kn,paragraph:A(gr).replace("hr",dt).replace("heading"," {0,3}#{1,6}(?:\\s|$)").replace("|lheading","").replace("table",kn).replace("blockquote"," {0,3}>").replace("fences"," {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)").replace("list"," {0,3}(?:[*+-]|1[.)])[ \\t]+[^ \\t\\n]").replace("html",ut).getRegex()},pa={...yr,html:A(`^ *(?:comment(?: *\\n|\\s*$)|<(tag)[\\s\\S]+?</\\1>(?: *\\n{2,}|\\s*$)|<tag(?:"[^"]*"|'[^']*'|\\s[^'"/>\\s]*)*?/?>(?: *\\n{2,}|\\s*$))`).replace("comment",br).replace(/tag/g,"(?!(?:a|em|strong|small|s|cite|q|dfn|abbr|data|time|code|var|samp|kbd|sub|sup|i|b|u|mark|ruby|rt|rp|bdi|bdo|span|br|wbr|ins|del|img)\\b)\\w+(?!:|[^\\w\\s@]*@)\\b").getRegex(),def:/^ *\[([^\]]+)\]: *<?([^\s>]+)>?(?: +(["(][^\n]+[")]))? *(?:\n+|$)/,heading:/^(#{1,6})(.*)(?:\n+|$)/,fences:De,lheading:/^(.+?)\n {0,3}(=+|-+) *(?:\n+|$)/,paragraph:A(gr).replace("hr",dt).replace("heading",` *#{1,6} *[^
]`).replace("|table","").replace("blockquote"," {0,3}>").replace("|fences","").replace("|list","").replace("|html","").replace("|tag","").replace("lheading",Pn).getRegex()},ma=/^\\([!"#$%&'()*+,\-./:;<=>?@\[\]\\^_`{|}~])/,ha=/^(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/,Dn=/^( {2,}|\\)\n(?!\s*$)[ \t]*/,fa=/^(`+|[^`])(?:(?= {2,}\n)|[\s\S]*?(?:(?=[\\<!\[`*_]|\b_|$)|[^ ](?= {2,}\n)))/,ce=/[\p{P}\p{S}]/u,Ke=/[\s\p{P}\p{S}]/u,pt=/[^\s\p{P}\p{S}]/u,$a=A(/^((?![*_])punctSpace)/,"u").replace(/punctSpace/g,Ke).getRegex(),ga=/[\p{Pi}\p{Ps}"']/u,Fn=/(?!~)[\p{P}\p{S}]/u,ka=/(?!~)[\s\p{P}\p{S}]/u,ba=/(?:[^\s\p{P}\p{S}]|~)/u,ya=A(/link|precode-code|html/,"g").replace("link",/\[(?:[^\[\]`]|(?<a>`+)[^`]+\k<a>(?!`))*?\]\((?:\\[\s\S]|[^\\\(\)]|\((?:\\[\s\S]|[^\\\(\)])*\))*\)/).replace("precode-",Ln?"(?<!`)()":"(^^|[^`])").replace("code",/(?<b>`+)[^`]+\k<b>(?!`)/).replace("html",/<(?! )[^<>]*?>/).getRegex(),In=/^(?:\*+(?:((?!\*)punct)|([^\s*]))?)|^_+(?:((?!_)punct)|([^\s_]))?/,va=A(In,"u").replace(/punct/g,ce).getRegex(),wa=A(In,"u").replace(/punct/g,Fn).getRegex(),xa=/^(?:\*+(?:((?!\*)(?!openQuote)punct)|([^\s*]))?)|^_+(?:((?!_)(?!openQuote)punct)|([^\s_]))?/,Sa=A(xa,"u").replace(/openQuote/g,ga).replace(/punct/g,ce).getRegex(),Bn="^[^_*]*?__[^_*]*?\\*[^_*]*?(?=__)|[^*]+(?=[^*])|(?!\\*)punct(\\*+)(?=[\\s]|$)|notPunctSpace(\\*+)(?!\\*)(?=punctSpace|$)|(?!\\*)punctSpace(\\*+)(?=notPunctSpace)|[\\s](\\*+)(?!\\*)(?=punct)|(?!\\*)punct(\\*+)(?!\\*)(?=punct)|notPunctSpace(\\*+)(?=notPunctSpace)",Ta=A(Bn,"gu").replace(/notPunctSpace/g,pt).replace(/punctSpace/g,Ke).replace(/punct/g,ce).getRegex(),Ca=A(Bn,"gu").replace(/notPunctSpace/g,ba).replace(/punctSpace/g,ka).replace(/punct/g,Fn).getRegex(),Aa="^[^_*]*?__[^_*]*?\\*[^_*]*?(?=__)|[^*]+(?=[^*])|(?!\\*)punct(\\*+)(?=[\\s]|$)|notPunctSpace(\\*+)(?!\\*)(?=punctSpace|$)|(?!\\*)[\\s](\\*+)(?=notPunctSpace)|[\\s](\\*+)(?!\\*)(?=punct)|(?!\\*)punct(\\*+)(?!\\*)(?=punct)|(?:(?!\\*)punct|notPunctSpace)(\\*+)(?!\\*)(?=notPunctSpace)",_a=A(Aa,"gu").replace(/notPunctSpace/g,pt).replace(/punctSpace/g,Ke).replace(/punct/g,ce).getRegex(),La=A("^[^_*]*?\\*\\*[^_*]*?_[^_*]*?(?=\\*\\*)|[^_]+(?=[^_])|(?!_)punct(_+)(?=[\\s]|$)|notPunctSpace(_+)(?!_)(?=punctSpace|$)|(?!_)punctSpace(_+)(?=notPunctSpace)|[\\s](_+)(?!_)(?=punct)|(?!_)punct(_+)(?!_)(?=punct)","gu").replace(/notPunctSpace/g,pt).replace(/punctSpace/g,Ke).replace(/punct/g,ce).getRegex(),Ra="^[^_*]*?\\*\\*[^_*]*?_[^_*]*?(?=\\*\\*)|[^_]+(?=[^_])|(?!_)punct(_+)(?=[\\s]|$)|notPunctSpace(_+)(?!_)(?=punctSpace|$)|(?!_)[\\s](_+)(?=notPunctSpace)|[\\s](_+)(?!_)(?=punct)|(?!_)punct(_+)(?!_)(?=punct)|(?:(?!_)punct|notPunctSpace)(_+)(?!_)(?=notPunctSpace)",Pa=A(Ra,"gu").replace(/notPunctSpace/g,pt).replace(/punctSpace/g,Ke).replace(/punct/g,ce).getRegex(),Ea=A(/^~~?(?:((?!~)punct)|[^\s~])/,"u").replace(/punct/g,ce).getRegex(),Da="^[^~]+(?=[^~])|(?!~)punct(~~?)(?=[\\s]|$)|notPunctSpace(~~?)(?!~)(?=punctSpace|$)|(?!~)punctSpace(~~?)(?=notPunctSpace)|[\\s](~~?)(?!~)(?=punct)|(?!~)punct(~~?)(?!~)(?=punct)|notPunctSpace(~~?)(?=notPunctSpace)",Fa=A(Da,"gu").replace(/notPunctSpace/g,pt).replace(/punctSpace/g,Ke).replace(/punct/g,ce).getRegex(),Ia=A(/\\(punct)/,"gu").replace(/punct/g,ce).getRegex(),Ba=A(/(`+)(?:[^`]|[^`][\s\S]*?[^`])\1(?!`)|`+|\\(punct)/,"gu").replace(/punct/g,ce).getRegex(),Oa=A(/^<(scheme:[^\s\x00-\x1f<>]*|email)>/).replace("scheme",/[a-zA-Z][a-zA-Z0-9+.-]{1,31}/).replace("email",/[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+(@)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+(?![-_])/).getRegex(),qa=A(br).replace("(?:-->|$)","-->").getRegex(),Ma=A("^comment|^</[a-zA-Z][a-zA-Z0-9-]*\\s*>|^<[a-zA-Z][a-zA-Z0-9-]*(?:attribute)*?\\s*/?>|^<\\?[\\s\\S]*?\\?>|^<![a-zA-Z]+\\s[\\s\\S]*?>|^<!\\[CDATA\\[[\\s\\S]*?\\]\\]>").replace("comment",qa).replace("attribute",/\s+[a-zA-Z:_][\w.:-]*(?:\s*=\s*"[^"]*"|\s*=\s*'[^']*'|\s*=\s*[^\s"'=<>`]+)?/).getRegex(),On=/\[(?:\\[\s\S]|[^\[\]\\])*\]/,Mt=A(/(?:\[(?:brackets|\\[\s\S]|[^\[\]\\])*\]|\\[\s\S]|`+(?!`)[^`]*?`+(?!`)|``+(?=\])|[^\[\]\\`])*?/).replace("brackets",On).getRegex(),Na=A(/^!?\[(label)\]\([ \t\n]*(href)(?:(?:[ \t]+(?:\n[ \t]*)?|\n[ \t]*)(title))?[ \t\n]*\)/).replace("label",Mt).replace("href",/<(?:\\.|[^\n<>\\])*>|(?!<)[^ \t\n\x00-\x1f]+|(?=\))/).replace("title",/"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\((?:\\[\s\S]|[^)\\])*\)/).getRegex(),za=A(/^!?\[(label)\]\[(ref)\]/).replace("label",Mt).replace("ref",kr).getRegex(),Ua=A(/^!?\[(ref)\](?:\[\])?/).replace("ref",kr).getRegex(),bn=/(?!\s*\])(?:\\[\s\S]|[^\[\]\\]){1,999}/,ja=A(/(?:[^\[\]\\`]*(?:\[(?:brackets|\\[\s\S]|[^\[\]\\])*\]|\\[\s\S]|`+(?!`)[^`]*?`+(?!`)|``+(?=\]))){0,999}?[^\[\]\\`]*?/).replace("brackets",On).getRegex(),Wa=A("reflink|nolink(?!\\()","g").replace("reflink",A(/^!?\[(label)\]\[(ref)\]/).replace("label",ja).replace("ref",bn).getRegex()).replace("nolink",A(/^!?\[(ref)\](?:\[\])?/).replace("ref",bn).getRegex()).getRegex(),yn=/[hH][tT][tT][pP][sS]?|[fF][tT][pP]/,Ha=/[A-Za-z0-9._+-]+@[a-zA-Z0-9-_]+(?:\.[a-zA-Z0-9-_]*[a-zA-Z0-9])+(?![\w-])/,Ya=A(/(?:mailto:email|xmpp:email(?:\/[A-Za-z0-9@.]+)?)/).replace(/email/g,Ha).getRegex(),vr={_backpedal:De,anyPunctuation:Ia,anyPunctuationOutsideCode:Ba,autolink:Oa,blockSkip:ya,br:Dn,code:ha,del:De,delLDelim:De,delRDelim:De,emStrongLDelim:va,emStrongRDelimAst:Ta,emStrongRDelimUnd:La,escape:ma,link:Na,nolink:Ua,punctuation:$a,reflink:za,reflinkSearch:Wa,tag:Ma,text:fa,url:De},Va={...vr,emStrongLDelim:Sa,emStrongRDelimAst:_a,emStrongRDelimUnd:Pa,link:A(/^!?\[(label)\]\((.*?)\)/).replace("label",Mt).getRegex(),reflink:A(/^!?\[(label)\]\s*\[([^\]]*)\]/).replace("label",Mt).getRegex()},ur={...vr,emStrongRDelimAst:Ca,emStrongLDelim:wa,delLDelim:Ea,delRDelim:Fa,url:A(/^emailProtocol|^((?:protocol):\/\/|www\.)(?:[a-zA-Z0-9\-]+\.?)+[^\s<]*|^email/).replace("emailProtocol",Ya).replace("protocol",yn).replace("email",/[A-Za-z0-9._+-]+(@)[a-zA-Z0-9-_]+(?:\.[a-zA-Z0-9-_]*[a-zA-Z0-9])+(?![\w-])/).getRegex(),_backpedal:/(?:[^?!.,:;*_'"~()&]+|\([^)]*\)|&(?![a-zA-Z0-9]+;$)|[?!.,:;*_'"~)]+(?!$))+/,del:/^(~~?)(?=[^\s~])((?:\\[\s\S]|[^\\])*?(?:\\[\s\S]|[^\s~\\]))\1(?=[^~]|$)/,text:A(/^(?:[^a-zA-Z0-9](?=emailProtocol)|(`+|~+|[^`~])(?:(?=[`~])|(?= {2,}\n)|(?=[a-zA-Z0-9.!#$%&'*+\/=?_`{\|}~-]+@)|[\s\S]*?(?:(?=[\\<!\[`*~_]|\b_|protocol:\/\/|wwwStart|$)|[^ ](?= {2,}\n)|[^a-zA-Z0-9](?=emailProtocol)|[^a-zA-Z0-9.!#$%&'*+\/=?_`{\|}~-](?=[a-zA-Z0-9.!#$%&'*+\/=?_`{\|}~-]+@))))/).replace("protocol",yn).replace(/emailProtocol/g,/(?:mailto|xmpp):/).replace("wwwStart",Ln?"(?<![^\\s*_~(])www\\.":"www\\.").getRegex()},Za={...ur,br:A(Dn).replace("{2,}","*").getRegex(),text:A(ur.text).replace("\\b_","\\b_| {2,}\\n").replace(/\{2,\}/g,"*").getRegex()},Ot={normal:yr,gfm:ua,pedantic:pa},lt={normal:vr,gfm:ur,breaks:Za,pedantic:Va},Qa={"&":"&amp;","<":"&lt;",">":"&gt;",'"':"&quot;","'":"&#39;"},vn=t=>Qa[t];function J(t,e){if(e){if(W.escapeTest.test(t))return t.replace(W.escapeReplace,vn)}else if(W.escapeTestNoEncode.test(t))return t.replace(W.escapeReplaceNoEncode,vn);return t}function Ga(t){return W.numericCharacterReference.test(t)?t.replace(W.numericCharacterReferenceOrAmpersand,(e,r,o)=>{if(r===void 0&&o===void 0)return"&amp;";let n=r===void 0?Number.parseInt(o,16):Number.parseInt(r,10);return n===0||n>1114111||n>=55296&&n<=57343?"\uFFFD":n===38?"&amp;":String.fromCodePoint(n)}):t}function wn(t){try{t=encodeURI(t).replace(W.percentDecode,"%")}catch{return null}return t}function xn(t,e){let r=t.replace(W.findPipe,(i,a,l)=>{let c=!1,p=a;for(;--p>=0&&l[p]==="\\";)c=!c;return c?"|":" |"}),o=r.split(W.splitPipe),n=0;if(o[0].trim()||o.shift(),o.length>0&&!o.at(-1)?.trim()&&o.pop(),e)if(o.length>e)o.splice(e);else for(;o.length<e;)o.push("");for(;n<o.length;n++)o[n]=o[n].trim().replace(W.slashPipe,"|");return o}function fe(t,e,r){let o=t.length;if(o===0)return"";let n=0;for(;n<o;){let i=t.charAt(o-n-1);if(i===e&&!r)n++;else if(i!==e&&r)n++;else break}return t.slice(0,o-n)}function Sn(t){let e=t.split(`
`),r=e.length-1;for(;r>=0&&W.blankLine.test(e[r]);)r--;return e.length-r<=2?t:e.slice(0,r+1).join(`
`)}function Nt(t){return t.trim().replace(W.multipleSpaceGlobal," ").toLowerCase().toUpperCase().toLowerCase()}function Tn(t,e){if(t.indexOf(e[0])===-1&&t.indexOf(e[1])===-1)return-1;let r=0;for(let o=0;o<t.length;o++)if(t[o]==="\\")o++;else if(t[o]===e[0])r++;else if(t[o]===e[1]&&(r--,r<0))return o;return r>0?-2:-1}var Ge=new WeakMap;function wr(t){let e={"*":-1,_:-1},r=-1,o=t.length;for(let n=0;n<o;n++){let i=t[n];if(i!=="*"&&i!=="_"&&i!=="~")continue;let a=n===0?`
`:t[n-1],l=n+1;for(;l<o&&t[l]===i;)l++;a!==" "&&a!=="	"&&a!==`
`&&a!=="\r"&&a!=="\f"&&(i==="~"?r=n:e[i]=n),n=l-1}return{maskedSrc:t,lastPossibleEmStrongCloserIndex:e,lastPossibleDelCloserIndex:r}}function Ka(t,e){let r=wr(e),o=Ge.get(t);o?o.push(r):Ge.set(t,[r])}function Xa(t){let e=Ge.get(t);e&&(e.pop(),e.length===0&&Ge.delete(t))}function qn(t,e,r){let o=Ge.get(t)?.at(-1);return o&&o.maskedSrc===e?o.lastPossibleEmStrongCloserIndex[r]:wr(e).lastPossibleEmStrongCloserIndex[r]}function Mn(t,e){let r=Ge.get(t)?.at(-1);return r&&r.maskedSrc===e?r.lastPossibleDelCloserIndex:wr(e).lastPossibleDelCloserIndex}function qt(t,e=0){let r=e,o="";for(let n of t)if(n==="	"){let i=4-r%4;o+=" ".repeat(i),r+=i}else o+=n,r++;return o}function Ja(t,e){let r="";for(let o=0;o<t.length;o++){if(t[o]==="`"){let n=e.inline.code.exec(t.slice(o));if(n){r+=n[0],o+=n[0].length-1;continue}}if(t[o]==="\\"&&(t[o+1]==="["||t[o+1]==="]")){r+=t[o+1],o++;continue}r+=t[o]}return r}function Cn(t,e,r,o,n){let i=e.href,a=e.title||null,l=Ja(t[1],n),c=t[0].charAt(0)==="!",p=o.state.inLink,u=o.state.linkEmitted,f=o.state.inRawBlock;o.state.inLink=!0,o.state.linkEmitted=!1;let h=o.inlineTokens(l),$=o.state.linkEmitted;if(o.state.linkEmitted=u,o.state.inLink=p,!c){if($){o.state.inRawBlock=f;return}o.state.linkEmitted=!0}return{type:c?"image":"link",raw:r,href:i,title:a,text:l,tokens:h}}function el(t,e,r){let o=t.match(r.other.indentCodeCompensation);if(o===null)return e;let n=o[1];return e.split(`
`).map(i=>{let a=i.match(r.other.beginningSpace);if(a===null)return i;let[l]=a;return i.slice(Math.min(l.length,n.length))}).join(`
`)}function An(t,e,r,o){if(!e.includes("<"))return!1;for(let n=0;n<e.length;n++){if(e[n]==="\\"){n++;continue}if(e[n]==="`"){let l=o.inline.code.exec(e.slice(n));if(l){n+=l[0].length-1;continue}}if(e[n]!=="<")continue;let i=t.slice(r+n),a=o.inline.tag.exec(i)||o.inline.autolink.exec(i);if(a){if(a[0].length>e.length-n)return!0;n+=a[0].length-1}}return!1}var Fe=class{options;rules;lexer;constructor(t){this.options=t||Be}space(t){let e=this.rules.block.newline.exec(t);if(e&&e[0].length>0)return{type:"space",raw:e[0]}}code(t){let e=this.rules.block.code.exec(t);if(e){let r=this.options.pedantic?e[0]:Sn(e[0]),o=r.replace(this.rules.other.codeRemoveIndent,"");return{type:"code",raw:r,codeBlockStyle:"indented",text:o}}}fences(t){let e=this.rules.block.fences.exec(t);if(e){let r=e[0],o=el(r,e[3]||"",this.rules);return e[3]!==void 0&&(o===""||o.endsWith(`
`))&&(o+=`
`),{type:"code",raw:r,lang:e[2]?e[2].trim().replace(this.rules.inline.anyPunctuation,"$1"):e[2],text:o}}}heading(t){let e=this.rules.block.heading.exec(t);if(e){let r=e[2].trim();if(this.rules.other.endingHash.test(r)){let o=fe(r,"#");(this.options.pedantic||!o||this.rules.other.endingSpaceTabChar.test(o))&&(r=o.trim())}return{type:"heading",raw:fe(e[0],`
`),depth:e[1].length,text:r,tokens:this.lexer.inline(r)}}}hr(t){let e=this.rules.block.hr.exec(t);if(e)return{type:"hr",raw:fe(e[0],`
`)}}blockquote(t){let e=this.rules.block.blockquote.exec(t);if(e){let r=fe(e[0],`
`).split(`
`),o="",n="",i=[];for(;r.length>0;){let a=!1,l=[],c;for(c=0;c<r.length;c++)if(this.rules.other.blockquoteStart.test(r[c]))l.push(r[c]),a=!0;else if(!a)l.push(r[c]);else break;r=r.slice(c);let p=l.join(`
`),u=p.replace(this.rules.other.blockquoteMarkerWhitespace,($,y,S)=>S.startsWith(" ")?y+" "+S.slice(1):y+qt(S,y.length)).replace(this.rules.other.blockquoteSetextReplace,`
    $1`).replace(this.rules.other.blockquoteSetextReplace2,"");o=o?`${o}
${p}`:p,n=n?`${n}
${u}`:u;let f=this.lexer.state.top;if(this.lexer.state.top=!0,this.lexer.blockTokens(u,i,!0),this.lexer.state.top=f,r.length===0)break;let h=i.at(-1);if(h?.type==="code"||h?.type==="heading"||h?.type==="hr"||h?.type==="html"||h?.type==="table")break;if(h?.type==="blockquote"){let $=h,y=r.join(`
`),S=$.raw+`
`+y.replace(this.rules.other.blockquoteSetextReplace2,""),x=this.blockquote(S);i[i.length-1]=x;let v=S.substring(x.raw.length).replace(/^\n/,""),L=v?v.split(`
`).length:0,_=L?r.slice(0,-L):r;if(_.length>0&&(o=`${o}
${_.join(`
`)}`),n=n.substring(0,n.length-$.text.length)+x.text,r=r.slice(_.length),r.length>0&&this.rules.other.blockquoteStart.test(r[0]))continue;break}else if(h?.type==="list"){let $=h,y=$.raw+`
`+r.join(`
`),S=this.list(y);i[i.length-1]=S;let x=S.raw.length>$.raw.length?y.slice($.raw.length+1,S.raw.length).split(`
`).length:0;if(x>0){let v=r.slice(0,x).join(`
`);o=`${o}
${v}`,n=`${n}
${v}`}if(r=r.slice(x),r.length>0&&!this.rules.other.blockquoteStart.test(r[0]))break;continue}}return{type:"blockquote",raw:o,tokens:i,text:n}}}list(t){let e=this.rules.block.list.exec(t);if(e){if(!this.options.pedantic&&this.lexer.state.lastToken?.type==="text"&&!this.rules.other.listInterruptsParagraph.test(t))return;let r=t,o=()=>r.length-t.length,n=e[1].trim(),i=n.length>1,a={type:"list",raw:"",ordered:i,start:i?+n.slice(0,-1):"",loose:!1,items:[]};n=i?`\\d{1,9}\\${n.slice(-1)}`:`\\${n}`,this.options.pedantic&&(n=i?n:"[*+-]");let l=this.rules.other.listItemRegex(n),c=!1;for(;t;){let f=!1,h="";if(!(e=l.exec(t))||this.rules.block.hr.test(t))break;let $=o();t=t.substring(e[0].length);let y=e[2].split(`
`,1)[0],S=e[1].length,x=this.options.pedantic?qt(y,S):y.replace(this.rules.other.leadingSpaceTab,ue=>qt(ue,S)),v=t.split(`
`,1)[0],L=!x.trim(),_=0;if(this.options.pedantic?(_=2,h=x.trimStart()):L?_=S+1:(_=x.search(this.rules.other.nonSpaceChar),_=_>4?1:_,h=x.slice(_),_+=S),L&&this.rules.other.blankLine.test(v)&&(t=t.substring(v.length+1),f=!0),!f){let ue=this.rules.other.nextBulletRegex(_),Y=this.rules.other.hrRegex(_),pe=this.rules.other.fencesBeginRegex(_),Ae=this.options.pedantic?this.rules.other.pedanticHeadingBeginRegex(_):this.rules.other.headingBeginRegex(_),et=this.rules.other.htmlBeginRegex(_),gt=this.rules.other.blockquoteBeginRegex(_),nr=!1;for(;t;){let Zr=t.split(`
`,1)[0],qe;if(v=Zr,this.options.pedantic?(v=v.replace(this.rules.other.listReplaceNesting,"  "),qe=v):qe=v.replace(this.rules.other.leadingSpaceTab,te=>qt(te)),pe.test(v)||Ae.test(v)||et.test(v)||gt.test(v)||ue.test(v)||Y.test(v))break;if(qe.search(this.rules.other.nonSpaceChar)>=_||!v.trim())h+=`
`+qe.slice(_),nr=!1;else{if(L)break;let te=x;if(!this.options.pedantic&&!h.includes(`
`)&&!x.includes("	")){let Me;for(;!Y.test(te)&&(Me=this.rules.other.nestedBlockMarker.exec(te));)te=te.slice(Me[0].length);if(!te.trim())break}if(te.replace(this.rules.other.tabCharGlobal,"    ").search(this.rules.other.nonSpaceChar)>=4||pe.test(te)||Ae.test(te)||et.test(te)||Y.test(te))break;if(!this.options.pedantic&&!nr){let Me=x.replace(this.rules.other.nestedContainerMarkers,"");if(this.rules.block.fences.test(Me)||this.rules.block.heading.test(Me)||this.rules.block.hr.test(Me))break}let vi=!this.options.pedantic&&/^ {0,3}(?:=+|-+) *$/.test(v)&&this.rules.block.lheading.test(`${x}
${v}`)?`    ${qe.replace(/^ {0,3}/,"")}`:v;h+=`
`+vi,nr=!0}L=!v.trim(),t=t.substring(Zr.length+1),x=qe.slice(_)}}let ie=r.slice($,o());a.loose||(c?a.loose=!0:this.rules.other.doubleBlankLine.test(ie)&&(c=!0)),a.items.push({type:"list_item",raw:ie,task:!!this.options.gfm&&this.rules.other.listIsTask.test(h),loose:!1,text:h,tokens:[]})}let p=a.items.at(-1);if(p)p.raw=p.raw.trimEnd(),p.text=p.text.trimEnd();else return;a.raw=r.slice(0,o()).trimEnd();let u=[];for(let f of a.items)if(this.lexer.state.top=!1,u.push(this.lexer.inlineQueue.length),f.tokens=this.lexer.blockTokens(f.text,[]),!a.loose){let h=f.tokens.filter(y=>y.type==="space"),$=h.length>0&&h.some(y=>this.rules.other.anyLine.test(y.raw));a.loose=$}for(let f=0;f<a.items.length;f++){let h=a.items[f],$=h.tokens[0];if(h.task&&($?.type==="text"||$?.type==="paragraph")){h.text=h.text.replace(this.rules.other.listReplaceTask,""),$.raw=$.raw.replace(this.rules.other.listReplaceTask,""),$.text=$.text.replace(this.rules.other.listReplaceTask,"");let y=this.lexer.inlineQueue;for(let x=u[f];x<y.length;x++)if(y[x].tokens===$.tokens){y[x].src=y[x].src.replace(this.rules.other.listReplaceTask,"");break}let S=this.rules.other.listTaskCheckbox.exec(h.raw);if(S){let x={type:"checkbox",raw:S[0]+" ",checked:S[0]!=="[ ]"};h.checked=x.checked,a.loose?h.tokens[0]&&["paragraph","text"].includes(h.tokens[0].type)&&"tokens"in h.tokens[0]&&h.tokens[0].tokens?(h.tokens[0].raw=x.raw+h.tokens[0].raw,h.tokens[0].text=x.raw+h.tokens[0].text,h.tokens[0].tokens.unshift(x)):h.tokens.unshift({type:"paragraph",raw:x.raw,text:x.raw,tokens:[x]}):h.tokens.unshift(x)}}else h.task&&(h.task=!1)}if(a.loose)for(let f of a.items){f.loose=!0;for(let h of f.tokens)h.type==="text"&&(h.type="paragraph")}return a}}html(t){let e=this.rules.block.html.exec(t);if(e){if(this.lexer.state.lastToken?.type==="paragraph"&&!this.rules.other.htmlBeginRegex(4).test(t))return;let r=Sn(e[0]);return{type:"html",block:!0,raw:r,pre:e[1]==="pre"||e[1]==="script"||e[1]==="style",text:r}}}def(t){let e=this.rules.block.def.exec(t);if(e){if(!this.rules.other.startAngleBracket.test(e[2])&&Tn(e[2],"()")!==-1)return;let r=Nt(e[1]),o=e[2]?e[2].replace(this.rules.other.hrefBrackets,"$1").replace(this.rules.inline.anyPunctuation,"$1"):"",n=e[3]?e[3].substring(1,e[3].length-1).replace(this.rules.inline.anyPunctuation,"$1"):e[3];return{type:"def",tag:r,raw:fe(e[0],`
`),href:o,title:n}}}table(t){let e=this.rules.block.table.exec(t);if(!e||!this.rules.other.tableDelimiter.test(e[2]))return;let r=xn(e[1]),o=e[2].replace(this.rules.other.tableAlignChars,"").split("|"),n=e[3]?.trim()?e[3].replace(this.rules.other.tableRowBlankLine,"").split(`
`):[],i={type:"table",raw:fe(e[0],`
`),header:[],align:[],rows:[]};if(r.length===o.length){for(let a of o)this.rules.other.tableAlignRight.test(a)?i.align.push("right"):this.rules.other.tableAlignCenter.test(a)?i.align.push("center"):this.rules.other.tableAlignLeft.test(a)?i.align.push("left"):i.align.push(null);for(let a=0;a<r.length;a++)i.header.push({text:r[a],tokens:this.lexer.inline(r[a]),header:!0,align:i.align[a]});for(let a of n)i.rows.push(xn(a,i.header.length).map((l,c)=>({text:l,tokens:this.lexer.inline(l),header:!1,align:i.align[c]})));return i}}lheading(t){let e=this.rules.block.lheading.exec(t);if(e){let r=e[1].trim();return{type:"heading",raw:fe(e[0],`
`),depth:e[2].charAt(0)==="="?1:2,text:r,tokens:this.lexer.inline(r)}}}paragraph(t){let e=this.rules.block.paragraph.exec(t);if(e){let r=e[1].charAt(e[1].length-1)===`
`?e[1].slice(0,-1):e[1];return{type:"paragraph",raw:e[0],text:r,tokens:this.lexer.inline(r)}}}text(t){let e=this.rules.block.text.exec(t);if(e)return{type:"text",raw:e[0],text:e[0],tokens:this.lexer.inline(e[0])}}escape(t){if(t.charCodeAt(0)!==92)return;let e=this.rules.inline.escape.exec(t);if(e)return{type:"escape",raw:e[0],text:e[1]}}tag(t){if(t.charCodeAt(0)!==60)return;let e=this.rules.inline.tag.exec(t);if(e)return!this.lexer.state.inLink&&this.rules.other.startATag.test(e[0])?this.lexer.state.inLink=!0:this.lexer.state.inLink&&this.rules.other.endATag.test(e[0])&&(this.lexer.state.inLink=!1),!this.lexer.state.inRawBlock&&this.rules.other.startPreScriptTag.test(e[0])?this.lexer.state.inRawBlock=!0:this.lexer.state.inRawBlock&&this.rules.other.endPreScriptTag.test(e[0])&&(this.lexer.state.inRawBlock=!1),{type:"html",raw:e[0],inLink:this.lexer.state.inLink,inRawBlock:this.lexer.state.inRawBlock,block:!1,text:e[0]}}link(t){if(this.lexer.state.linkParenPossible===!1)return;let e=t.charCodeAt(0);if(e!==91&&e!==33)return;let r=this.rules.inline.link.exec(t);if(r){let o=r[0].charAt(0)==="!"?2:1;if(!this.options.pedantic&&An(t,r[1],o,this.rules))return;let n=r[2].trim();if(!this.options.pedantic&&this.rules.other.startAngleBracket.test(n)){if(!this.rules.other.endAngleBracket.test(n))return;let c=fe(n.slice(0,-1),"\\");if((n.length-c.length)%2===0)return}else{let c=Tn(r[2],"()");if(c===-2)return;if(c>-1){let p=(r[0].indexOf("!")===0?5:4)+r[1].length+c;r[2]=r[2].substring(0,c),r[0]=r[0].substring(0,p).trim(),r[3]=""}}let i=fe(r[0].slice(0,-1),"\\");if((r[0].length-i.length)%2===0)return;let a=r[2],l="";if(this.options.pedantic){let c=this.rules.other.pedanticHrefTitle.exec(a);c&&(a=c[1],l=c[3])}else l=r[3]?r[3].slice(1,-1):"";return a=a.trim(),this.rules.other.startAngleBracket.test(a)&&(this.options.pedantic&&!this.rules.other.endAngleBracket.test(n)?a=a.slice(1):a=a.slice(1,-1)),Cn(r,{href:a&&a.replace(this.rules.inline.anyPunctuation,"$1"),title:l&&l.replace(this.rules.inline.anyPunctuation,"$1")},r[0],this.lexer,this.rules)}}reflink(t,e){let r=t.charCodeAt(0);if(r!==91&&r!==33)return;let o;if((o=this.rules.inline.reflink.exec(t))||(o=this.rules.inline.nolink.exec(t))){let n=o[0].charAt(0)==="!"?2:1;if(!this.options.pedantic&&An(t,o[1],n,this.rules))return;let i=e[Nt(o[2]||o[1])];if(!i){let a=o[0].charAt(0);return{type:"text",raw:a,text:a}}return Cn(o,i,o[0],this.lexer,this.rules)}}emStrong(t,e,r=""){let o=this.rules.inline.emStrongLDelim.exec(t);if(!o||!o[1]&&!o[2]&&!o[3]&&!o[4])return;let n=o[0][0],i=r===n,a=e.length-t.length,l=a;for(;!this.options.pedantic&&l>0&&e[l-1]===n;)l--;let c=[...e.slice(Math.max(0,l-2),l)].at(-1)??"",p=c==="*"||c==="_"||!!this.rules.inline.punctuation.exec(c);l<a&&(r=c);let u=l<a?p:r==="*"||r==="_"||!!this.rules.inline.punctuation.exec(r);if(o[4]&&r.match(this.rules.other.unicodeAlphaNumeric))return;let f=o[1]||o[3]||"";if(!f||!r||u){let h=[...o[0]].length-1,$,y,S=h,x=0,v=a-l+h,L=!this.options.pedantic&&!!c.trim()&&(!!f||n==="*"&&!p);if(n!=="*"&&n!=="_")return;let _=n==="*"?this.rules.inline.emStrongRDelimAst:this.rules.inline.emStrongRDelimUnd,ie=qn(this,e,n),ue=e.length-t.length+h;if(ie<ue)return;e=e.slice(-1*t.length+h);let Y=ie-ue;for(_.lastIndex=0;(o=_.exec(e))!==null&&!(o.index>Y);){if($=o[1]||o[2]||o[3]||o[4]||o[5]||o[6],!$)continue;if(y=[...$].length,o[3]||o[4]){S+=y;continue}else if((o[5]||o[6]||L)&&v%3&&!((v+y)%3)){if(i&&(o[5]||o[6]))break;x+=y;continue}if(S-=y,S>0)continue;y=Math.min(y,y+S+x);let pe=[...o[0]][0].length,Ae=t.slice(0,h+o.index+pe+y);if(Math.min(h,y)%2){let gt=Ae.slice(1,-1);return{type:"em",raw:Ae,text:gt,tokens:this.lexer.inlineTokens(gt)}}let et=Ae.slice(2,-2);return{type:"strong",raw:Ae,text:et,tokens:this.lexer.inlineTokens(et)}}}}codespan(t){if(t.charCodeAt(0)!==96)return;let e=this.rules.inline.code.exec(t);if(e){let r=e[2].replace(this.rules.other.newLineCharGlobal," "),o=this.rules.other.nonSpaceChar.test(r),n=this.rules.other.startingSpaceChar.test(r)&&this.rules.other.endingSpaceChar.test(r);return o&&n&&(r=r.substring(1,r.length-1)),{type:"codespan",raw:e[0],text:r}}}br(t){let e=t.charCodeAt(0);if(e!==32&&e!==92&&e!==10)return;let r=this.rules.inline.br.exec(t);if(r)return{type:"br",raw:r[0]}}del(t,e,r=""){if(t.charCodeAt(0)!==126)return;let o=this.rules.inline.delLDelim.exec(t);if(o&&(!o[1]||!r||this.rules.inline.punctuation.exec(r))){let n=[...o[0]].length-1,i,a,l=n,c=this.rules.inline.delRDelim,p=Mn(this,e),u=e.length-t.length+n;if(p<u)return;e=e.slice(-1*t.length+n);let f=p-u;for(c.lastIndex=0;(o=c.exec(e))!==null&&!(o.index>f);){if(i=o[1]||o[2]||o[3]||o[4]||o[5]||o[6],!i||(a=[...i].length,a!==n))continue;if(o[3]||o[4]){l+=a;continue}if(l-=a,l>0)continue;a=Math.min(a,a+l);let h=[...o[0]][0].length,$=t.slice(0,n+o.index+h+a),y=$.slice(n,-n);return{type:"del",raw:$,text:y,tokens:this.lexer.inlineTokens(y)}}}}autolink(t){if(t.charCodeAt(0)!==60)return;let e=this.rules.inline.autolink.exec(t);if(e){let r,o;return e[2]==="@"?(r=e[1],o="mailto:"+r):(r=e[1],o=r),{type:"link",raw:e[0],text:r,href:o,autolink:!0,tokens:[{type:"text",raw:r,text:r}]}}}url(t){let e;if(e=this.rules.inline.url.exec(t)){let r,o;if(e[2]==="@")r=e[0],o="mailto:"+r;else{let n;do n=e[0],e[0]=this.rules.inline._backpedal.exec(e[0])?.[0]??"";while(n!==e[0]);r=e[0],e[1]==="www."?o="http://"+e[0]:o=e[0]}return{type:"link",raw:e[0],text:r,href:o,autolink:!0,tokens:[{type:"text",raw:r,text:r}]}}}inlineText(t){let e=this.rules.inline.text.exec(t);if(e){let r=this.lexer.state.inRawBlock;return{type:"text",raw:e[0],text:r?e[0]:Ga(e[0]),escaped:r}}}},ee=class pr{tokens;options;state;inlineQueue;tokenizer;constructor(e){this.tokens=[],this.tokens.links=Object.create(null),this.options=e||Be,this.options.tokenizer=this.options.tokenizer||new Fe,this.tokenizer=this.options.tokenizer,this.tokenizer.options=this.options,this.tokenizer.lexer=this,this.inlineQueue=[],this.state={inLink:!1,inRawBlock:!1,linkEmitted:!1,linkParenPossible:!0,top:!0};let r={other:W,block:Ot.normal,inline:lt.normal};this.options.pedantic?(r.block=Ot.pedantic,r.inline=lt.pedantic):this.options.gfm&&(r.block=Ot.gfm,this.options.breaks?r.inline=lt.breaks:r.inline=lt.gfm),this.tokenizer.rules=r}static get rules(){return{block:Ot,inline:lt}}static lex(e,r){return new pr(r).lex(e)}static lexInline(e,r){return new pr(r).inlineTokens(e)}lex(e){e=e.replace(W.carriageReturn,`
`),this.blockTokens(e,this.tokens);for(let r=0;r<this.inlineQueue.length;r++){let o=this.inlineQueue[r];this.state.inRawBlock=!1,this.inlineTokens(o.src,o.tokens)}return this.inlineQueue=[],this.tokens}blockTokens(e,r=[],o=!1){this.tokenizer.lexer=this;let n=this.state.lastToken;this.options.pedantic&&(e=e.replace(W.tabCharGlobal,"    ").replace(W.spaceLine,""));let i=1/0,a,l=this.options.gfm&&!this.options.pedantic&&this.tokenizer.paragraph===Fe.prototype.paragraph;for(;e;){if(e.length<i)i=e.length;else{this.infiniteLoopError(e.charCodeAt(0));break}this.state.lastToken=r.at(-1);let c;if(this.options.extensions?.block?.some(u=>(c=u.call({lexer:this},e,r))?(e=e.substring(c.raw.length),r.push(c),!0):!1))continue;if(c=this.tokenizer.space(e)){e=e.substring(c.raw.length);let u=r.at(-1);c.raw.length===1&&u!==void 0?u.raw+=`
`:r.push(c);continue}if(c=this.tokenizer.code(e)){e=e.substring(c.raw.length);let u=r.at(-1);u?.type==="paragraph"||u?.type==="text"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+c.raw,u.text+=`
`+c.text,this.inlineQueue.at(-1).src=u.text):r.push(c);continue}if(c=this.tokenizer.fences(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.heading(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.hr(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.blockquote(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.list(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.html(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.def(e)){e=e.substring(c.raw.length);let u=r.at(-1);u?.type==="paragraph"||u?.type==="text"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+c.raw,u.text+=`
`+c.raw,this.inlineQueue.at(-1).src=u.text):(this.tokens.links[c.tag]||(this.tokens.links[c.tag]={href:c.href,title:c.title}),r.push(c));continue}if(c=this.tokenizer.table(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.lheading(e)){e=e.substring(c.raw.length),r.push(c);continue}let p=e;if(this.options.extensions?.startBlock){let u=1/0,f=e.slice(1),h;this.options.extensions.startBlock.forEach($=>{h=$.call({lexer:this},f),typeof h=="number"&&h>=0&&(u=Math.min(u,h))}),u<1/0&&u>=0&&(p=e.substring(0,u+1))}if(this.state.top&&(c=this.tokenizer.paragraph(p))){let u=r.at(-1);(o||u===a&&l)&&u?.type==="paragraph"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+c.raw,u.text+=`
`+c.text,this.inlineQueue.pop(),this.inlineQueue.at(-1).src=u.text,a=u):(r.push(c),a=c),o=p.length!==e.length,e=e.substring(c.raw.length);continue}if(c=this.tokenizer.text(e)){e=e.substring(c.raw.length);let u=r.at(-1);u?.type==="text"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+c.raw,u.text+=`
`+c.text,this.inlineQueue.pop(),this.inlineQueue.at(-1).src=u.text):r.push(c);continue}if(e){this.infiniteLoopError(e.charCodeAt(0));break}}return this.state.top=!0,this.state.lastToken=n,r}inline(e,r=[]){return this.inlineQueue.push({src:e,tokens:r}),r}linkInText(e){if(!e.includes("["))return!1;let r=this.tokenizer.rules.inline.link;for(let o of e.matchAll(this.tokenizer.rules.inline.blockSkip))if(r.test(o[0])&&e.charAt(o.index-1)!=="!")return!0;for(let o of e.matchAll(this.tokenizer.rules.inline.reflinkSearch)){let n=o[0],i=n.lastIndexOf("[");if(!(n.charAt(0)==="!"||!Object.hasOwn(this.tokens.links,Nt(n.slice(i+1,-1))))&&!(i>1&&this.linkInText(n.slice(1,i-1))))return!0}return!1}inlineTokens(e,r=[]){this.tokenizer.lexer=this;let o=this.state.linkParenPossible;this.state.linkParenPossible=e.includes(")");try{return this.#t(e,r)}finally{this.state.linkParenPossible=o}}#t(e,r){let o=e.includes("*")||e.includes("_")||e.includes("~"),n=o||this.options.hooks?.emStrongMask||this.tokenizer.emStrong!==Fe.prototype.emStrong||this.tokenizer.del!==Fe.prototype.del?this.#o(e):e;if(!o)return this.#r(e,n,r);Ka(this.tokenizer,n);try{return this.#r(e,n,r)}finally{Xa(this.tokenizer)}}#r(e,r,o){let n=!1,i="",a=1/0;for(;e;){if(e.length<a)a=e.length;else{this.infiniteLoopError(e.charCodeAt(0));break}n||(i=""),n=!1;let l;if(this.options.extensions?.inline?.some(u=>(l=u.call({lexer:this},e,o))?(e=e.substring(l.raw.length),o.push(l),!0):!1))continue;if(l=this.tokenizer.escape(e)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.tag(e)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.link(e)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.reflink(e,this.tokens.links)){e=e.substring(l.raw.length);let u=o.at(-1);l.type==="text"&&u?.type==="text"?(u.raw+=l.raw,u.text+=l.text):o.push(l);continue}let c=e[0];if(c==="*"||c==="_"){let u=r.length-e.length;if(qn(this.tokenizer,r,c)<=u){let f=1;for(;f<e.length&&e.charCodeAt(f)===c.charCodeAt(0);)f++;let h=e.substring(0,f),$=o.at(-1);$?.type==="text"&&!$.escaped?($.raw+=h,$.text+=h):o.push({type:"text",raw:h,text:h,escaped:!1}),e=e.substring(f),i=c,n=!0;continue}}else if(c==="~"){let u=r.length-e.length;if(Mn(this.tokenizer,r)<=u){let f=1;for(;f<e.length&&e.charCodeAt(f)===126;)f++;let h=e.substring(0,f),$=o.at(-1);$?.type==="text"&&!$.escaped?($.raw+=h,$.text+=h):o.push({type:"text",raw:h,text:h,escaped:!1}),e=e.substring(f),i=c,n=!0;continue}}if(l=this.tokenizer.emStrong(e,r,i)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.codespan(e)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.br(e)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.del(e,r,i)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.autolink(e)){e=e.substring(l.raw.length),o.push(l);continue}if(!this.state.inLink&&(l=this.tokenizer.url(e))){e=e.substring(l.raw.length),o.push(l);continue}let p=e;if(this.options.extensions?.startInline){let u=1/0,f=e.slice(1),h;this.options.extensions.startInline.forEach($=>{h=$.call({lexer:this},f),typeof h=="number"&&h>=0&&(u=Math.min(u,h))}),u<1/0&&u>=0&&(p=e.substring(0,u+1))}if(l=this.tokenizer.inlineText(p)){e=e.substring(l.raw.length),l.raw.slice(-1)!=="_"&&(i=l.raw.slice(-1)),n=!0;let u=o.at(-1);u?.type==="text"?(u.raw+=l.raw,u.text+=l.text):o.push(l);continue}if(e){this.infiniteLoopError(e.charCodeAt(0));break}}return o}#e(e){let{blockSkip:r,tag:o,autolink:n}=this.tokenizer.rules.inline,i="",a=0,l;for(r.lastIndex=0;l=r.exec(e);){let c=l.index+(l[2]?l[2].length:0),p=l.index+l[0].length;if(e.charAt(c)==="<"){let u=e.slice(c),f=o.exec(u)||n.exec(u);if(!f){r.lastIndex=c+1;continue}p=c+f[0].length,r.lastIndex=p}i+=e.slice(a,c)+"["+"a".repeat(p-c-2)+"]",a=p}return i+e.slice(a)}#o(e){let r=e;if(this.tokens.links&&e.includes("[")){let o=this.tokenizer.rules.inline.reflinkSearch,n=i=>{let a=i.lastIndexOf("[");if(!Object.hasOwn(this.tokens.links,Nt(i.slice(a+1,-1))))return i;if(a>1&&i.charAt(0)!=="!"){let l=i.slice(1,a-1);if(this.linkInText(l))return"["+l.replace(o,n)+"]["+"a".repeat(i.length-a-2)+"]"}return"["+"a".repeat(i.length-2)+"]"};r=r.replace(o,n)}return r=r.replace(this.tokenizer.rules.inline.anyPunctuationOutsideCode,(o,n,i)=>i?"+".repeat(o.length):n?n+o.slice(n.length,-n.length).replace(/`/g,"+")+n:o),r=this.#e(r),r=this.options.hooks?.emStrongMask?.call({lexer:this},r)??r,r}infiniteLoopError(e){let r="Infinite loop on byte: "+e;if(this.options.silent)console.error(r);else throw new Error(r)}},zt=class{options;parser;constructor(t){this.options=t||Be}space(t){return""}code({text:t,lang:e,escaped:r}){let o=(e||"").match(W.notSpaceStart)?.[0],n=t?t.replace(W.endingNewline,"")+`
`:"";return o?'<pre><code class="language-'+J(o)+'">'+(r?n:J(n,!0))+`</code></pre>
`:"<pre><code>"+(r?n:J(n,!0))+`</code></pre>
`}blockquote({tokens:t}){return`<blockquote>
${this.parser.parse(t)}</blockquote>
`}html({text:t}){return t}def(t){return""}heading({tokens:t,depth:e}){return`<h${e}>${this.parser.parseInline(t)}</h${e}>
`}hr(t){return`<hr>
`}list(t){let e=t.ordered,r=t.start,o="";for(let a=0;a<t.items.length;a++){let l=t.items[a];o+=this.listitem(l)}let n=e?"ol":"ul",i=e&&r!==1?' start="'+r+'"':"";return"<"+n+i+`>
`+o+"</"+n+`>
`}listitem(t){return`<li>${this.parser.parse(t.tokens)}</li>
`}checkbox({checked:t}){return"<input "+(t?'checked="" ':"")+'disabled="" type="checkbox"> '}paragraph({tokens:t}){return`<p>${this.parser.parseInline(t)}</p>
`}table(t){let e="",r="";for(let n=0;n<t.header.length;n++)r+=this.tablecell(t.header[n]);e+=this.tablerow({text:r});let o="";for(let n=0;n<t.rows.length;n++){let i=t.rows[n];r="";for(let a=0;a<i.length;a++)r+=this.tablecell(i[a]);o+=this.tablerow({text:r})}return o&&(o=`<tbody>${o}</tbody>`),`<table>
<thead>
`+e+`</thead>
`+o+`</table>
`}tablerow({text:t}){return`<tr>
${t}</tr>
`}tablecell(t){let e=this.parser.parseInline(t.tokens),r=t.header?"th":"td";return(t.align?`<${r} align="${t.align}">`:`<${r}>`)+e+`</${r}>
`}strong({tokens:t}){return`<strong>${this.parser.parseInline(t)}</strong>`}em({tokens:t}){return`<em>${this.parser.parseInline(t)}</em>`}codespan({text:t}){return`<code>${J(t,!0)}</code>`}br(t){return"<br>"}del({tokens:t}){return`<del>${this.parser.parseInline(t)}</del>`}link({href:t,title:e,text:r,tokens:o,autolink:n}){let i=n?J(r,!0):this.parser.parseInline(o),a=wn(t);if(a===null)return i;t=J(a,n);let l='<a href="'+t+'"';return e&&(l+=' title="'+J(e)+'"'),l+=">"+i+"</a>",l}image({href:t,title:e,text:r,tokens:o}){o&&(r=this.parser.parseInline(o,this.parser.textRenderer));let n=wn(t);if(n===null)return J(r);t=n;let i=`<img src="${J(t)}" alt="${J(r)}"`;return e&&(i+=` title="${J(e)}"`),i+=">",i}text(t){return"tokens"in t&&t.tokens?this.parser.parseInline(t.tokens):"escaped"in t&&t.escaped?t.text:J(t.text)}},xr=class{parser;strong({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}em({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}codespan({text:t}){return t}del({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}html({text:t}){return t}text({text:t}){return t}link({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}image({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}br(){return`
`}checkbox({raw:t}){return t}},le=class mr{options;renderer;textRenderer;constructor(e){this.options=e||Be,this.options.renderer=this.options.renderer||new zt,this.renderer=this.options.renderer,this.renderer.options=this.options,this.renderer.parser=this,this.textRenderer=new xr,this.textRenderer.parser=this}static parse(e,r){return new mr(r).parse(e)}static parseInline(e,r){return new mr(r).parseInline(e)}parse(e){this.renderer.parser=this;let r="";for(let o=0;o<e.length;o++){let n=e[o];if(this.options.extensions?.renderers?.[n.type]){let a=n,l=this.options.extensions.renderers[a.type].call({parser:this},a);if(l!==!1||!["space","hr","heading","code","table","blockquote","list","checkbox","html","def","paragraph","text"].includes(a.type)){r+=l===!1?"":l??"";continue}}let i=n;switch(i.type){case"space":{r+=this.renderer.space(i);break}case"hr":{r+=this.renderer.hr(i);break}case"heading":{r+=this.renderer.heading(i);break}case"code":{r+=this.renderer.code(i);break}case"table":{r+=this.renderer.table(i);break}case"blockquote":{r+=this.renderer.blockquote(i);break}case"list":{r+=this.renderer.list(i);break}case"checkbox":{r+=this.renderer.checkbox(i);break}case"html":{r+=this.renderer.html(i);break}case"def":{r+=this.renderer.def(i);break}case"paragraph":{r+=this.renderer.paragraph(i);break}case"text":{r+=this.renderer.text(i);break}default:{let a='Token with "'+i.type+'" type was not found.';if(this.options.silent)return console.error(a),"";throw new Error(a)}}}return r}parseInline(e,r=this.renderer){this.renderer.parser=this;let o="";for(let n=0;n<e.length;n++){let i=e[n];if(this.options.extensions?.renderers?.[i.type]){let l=this.options.extensions.renderers[i.type].call({parser:this},i);if(l!==!1||!["escape","html","link","image","checkbox","strong","em","codespan","br","del","text"].includes(i.type)){o+=l===!1?"":l??"";continue}}let a=i;switch(a.type){case"escape":{o+=r.text(a);break}case"html":{o+=r.html(a);break}case"link":{o+=r.link(a);break}case"image":{o+=r.image(a);break}case"checkbox":{o+=r.checkbox(a);break}case"strong":{o+=r.strong(a);break}case"em":{o+=r.em(a);break}case"codespan":{o+=r.codespan(a);break}case"br":{o+=r.br(a);break}case"del":{o+=r.del(a);break}case"text":{o+=r.text(a);break}default:{let l='Token with "'+a.type+'" type was not found.';if(this.options.silent)return console.error(l),"";throw new Error(l)}}}return o}},ct=class{options;block;constructor(t){this.options=t||Be}static passThroughHooks=new Set(["preprocess","postprocess","processAllTokens","emStrongMask"]);static passThroughHooksRespectAsync=new Set(["preprocess","postprocess","processAllTokens"]);preprocess(t){return t}postprocess(t){return t}processAllTokens(t){return t}emStrongMask(t){return t}provideLexer(t=this.block){return t?ee.lex:ee.lexInline}provideParser(t=this.block){return t?le.parse:le.parseInline}};function Te(t,e){if(Array.isArray(e))for(let r=0;r<e.length;r++)t.push(e[r]);else t.push(e)}var tl=class{defaults=hr();options=this.setOptions;parse=this.parseMarkdown(!0);parseInline=this.parseMarkdown(!1);Parser=le;Renderer=zt;TextRenderer=xr;Lexer=ee;Tokenizer=Fe;Hooks=ct;constructor(...t){this.use(...t)}walkTokens(t,e){let r=[];for(let o of t)switch(Te(r,e.call(this,o)),o.type){case"table":{let n=o;for(let i of n.header)Te(r,this.walkTokens(i.tokens,e));for(let i of n.rows)for(let a of i)Te(r,this.walkTokens(a.tokens,e));break}case"list":{let n=o;Te(r,this.walkTokens(n.items,e));break}default:{let n=o;this.defaults.extensions?.childTokens?.[n.type]?this.defaults.extensions.childTokens[n.type].forEach(i=>{let a=n[i].flat(1/0);Te(r,this.walkTokens(a,e))}):n.tokens&&Te(r,this.walkTokens(n.tokens,e))}}return r}use(...t){let e=this.defaults.extensions||{renderers:Object.create(null),childTokens:Object.create(null)};return t.forEach(r=>{let o={...r};if(o.async=this.defaults.async||o.async||!1,r.extensions&&(r.extensions.forEach(n=>{if(!n.name)throw new Error("extension name required");if("renderer"in n){let i=e.renderers[n.name];i?e.renderers[n.name]=function(...a){let l=n.renderer.apply(this,a);return l===!1&&(l=i.apply(this,a)),l}:e.renderers[n.name]=n.renderer}if("tokenizer"in n){if(!n.level||n.level!=="block"&&n.level!=="inline")throw new Error("extension level must be 'block' or 'inline'");let i=e[n.level];i?i.unshift(n.tokenizer):e[n.level]=[n.tokenizer],n.start&&(n.level==="block"?e.startBlock?e.startBlock.push(n.start):e.startBlock=[n.start]:n.level==="inline"&&(e.startInline?e.startInline.push(n.start):e.startInline=[n.start]))}"childTokens"in n&&n.childTokens&&(e.childTokens[n.name]=n.childTokens)}),o.extensions=e),r.renderer){let n=this.defaults.renderer||new zt(this.defaults);for(let i in r.renderer){if(!(i in n))throw new Error(`renderer '${i}' does not exist`);if(["options","parser"].includes(i))continue;let a=i,l=r.renderer[a],c=n[a];n[a]=(...p)=>{let u=l.apply(n,p);return u===!1&&(u=c.apply(n,p)),u===!1?"":u??""}}o.renderer=n}if(r.tokenizer){let n=this.defaults.tokenizer||new Fe(this.defaults);for(let i in r.tokenizer){if(!(i in n))throw new Error(`tokenizer '${i}' does not exist`);if(["options","rules","lexer"].includes(i))continue;let a=i,l=r.tokenizer[a],c=n[a];n[a]=(...p)=>{let u=l.apply(n,p);return u===!1&&(u=c.apply(n,p)),u}}o.tokenizer=n}if(r.hooks){let n=this.defaults.hooks||new ct;for(let i in r.hooks){if(!(i in n))throw new Error(`hook '${i}' does not exist`);if(["options","block"].includes(i))continue;let a=i,l=r.hooks[a],c=n[a];ct.passThroughHooks.has(i)?n[a]=p=>{if(n.options.async&&ct.passThroughHooksRespectAsync.has(i))return(async()=>{let f=await l.call(n,p);return c.call(n,f)})();let u=l.call(n,p);return c.call(n,u)}:n[a]=(...p)=>{if(n.options.async)return(async()=>{let f=await l.apply(n,p);return f===!1&&(f=await c.apply(n,p)),f})();let u=l.apply(n,p);return u===!1&&(u=c.apply(n,p)),u}}o.hooks=n}if(r.walkTokens){let n=this.defaults.walkTokens,i=r.walkTokens;o.walkTokens=function(a){let l=[];return Te(l,i.call(this,a)),n&&Te(l,n.call(this,a)),l}}this.defaults={...this.defaults,...o}}),this}setOptions(t){return this.defaults={...this.defaults,...t},this}lexer(t,e){return ee.lex(t,e??this.defaults)}parser(t,e){return le.parse(t,e??this.defaults)}parseMarkdown(t){return(e,r)=>{let o={...r},n={...this.defaults,...o},i=this.onError(!!n.silent,!!n.async);if(this.defaults.async===!0&&o.async===!1)return i(new Error("marked(): The async option was set to true by an extension. Remove async: false from the parse options object to return a Promise."));if(typeof e>"u"||e===null)return i(new Error("marked(): input parameter is undefined or null"));if(typeof e!="string")return i(new Error("marked(): input parameter is of type "+Object.prototype.toString.call(e)+", string expected"));if(n.hooks&&(n.hooks.options=n,n.hooks.block=t),n.async)return(async()=>{let a=n.hooks?await n.hooks.preprocess(e):e,l=await(n.hooks?await n.hooks.provideLexer(t):t?ee.lex:ee.lexInline)(a,n),c=n.hooks?await n.hooks.processAllTokens(l):l;n.walkTokens&&await Promise.all(this.walkTokens(c,n.walkTokens));let p=await(n.hooks?await n.hooks.provideParser(t):t?le.parse:le.parseInline)(c,n);return n.hooks?await n.hooks.postprocess(p):p})().catch(i);try{n.hooks&&(e=n.hooks.preprocess(e));let a=(n.hooks?n.hooks.provideLexer(t):t?ee.lex:ee.lexInline)(e,n);n.hooks&&(a=n.hooks.processAllTokens(a)),n.walkTokens&&this.walkTokens(a,n.walkTokens);let l=(n.hooks?n.hooks.provideParser(t):t?le.parse:le.parseInline)(a,n);return n.hooks&&(l=n.hooks.postprocess(l)),l}catch(a){return i(a)}}}onError(t,e){return r=>{if(r.message+=`
Please report this to https://github.com/markedjs/marked.`,t){let o="<p>An error occurred:</p><pre>"+J(r.message+"",!0)+"</pre>";return e?Promise.resolve(o):o}if(e)return Promise.reject(r);throw r}}},Ie=new tl;function P(t,e){return Ie.parse(t,e)}P.options=P.setOptions=function(t){return Ie.setOptions(t),P.defaults=Ie.defaults,_n(P.defaults),P};P.getDefaults=hr;P.defaults=Be;function rl(...t){return Ie.use(...t),P.defaults=Ie.defaults,_n(P.defaults),P}P.use=rl;P.walkTokens=function(t,e){return Ie.walkTokens(t,e)};P.parseInline=Ie.parseInline;P.Parser=le;P.parser=le.parse;P.Renderer=zt;P.TextRenderer=xr;P.Lexer=ee;P.lexer=ee.lex;P.Tokenizer=Fe;P.Hooks=ct;P.parse=P;var Ip=P.options,Bp=P.setOptions,Op=P.walkTokens,qp=P.parseInline;var Mp=le.parse,Np=ee.lex;var mt={characters:5e4,inlineCharacters:4e3,depth:16,nodes:5e3},Sr=class extends ee{#t=0;blockTokens(e,r=[],o){return this.#r(e,r,()=>super.blockTokens(e,r,o))}inlineTokens(e,r=[]){return e.length>mt.inlineCharacters?Nn(e,r):this.#r(e,r,()=>super.inlineTokens(e,r))}#r(e,r,o){if(this.#t>=mt.depth)return Nn(e,r);this.#t++;try{return o()}finally{this.#t--}}};function Nn(t,e){return e.push({type:"text",raw:t,text:t}),e}var Cr=t=>t.slice(0,mt.characters);function Un(t){let e=new Sr({gfm:!0}).lex(Cr(t)),r=new Tr(e);return{nodes:r.children(e),truncated:r.isFull||t.length>mt.characters}}var Tr=class{#t=mt.nodes;#r;constructor(e){let r=e.filter(({type:o})=>o==="heading").map(({depth:o})=>o);this.#r=3-Math.min(6,...r)}get isFull(){return this.#t<=0}children(e){return this.#e(e,r=>this.#o(r))}#e(e,r){let o=[];for(let n of e){if(this.isFull)break;this.#t--,o.push(r(n))}return o}#o(e){switch(e.type){case"space":case"def":case"checkbox":return null;case"heading":return N(`h${Math.min(e.depth+this.#r,6)}`,null,this.#n(e));case"paragraph":return N("p",null,this.#n(e));case"blockquote":case"strong":case"em":case"del":return N(e.type,null,this.#n(e));case"list":return N(e.ordered?"ol":"ul",e.ordered&&e.start!==1?{start:e.start}:null,this.#e(e.items,r=>this.#s(r)));case"table":return this.#i(e);case"code":return N("pre",null,N("code",null,e.text));case"codespan":return N("code",null,e.text);case"hr":case"br":return N(e.type,null);case"link":return zn(e.autolink?e.href:Ut(e.href),this.#n(e));case"image":return zn(Ut(e.href),Ut(e.text??"")||"Image");default:return this.#n(e)}}#n(e){if(e.tokens)return this.children(e.tokens);let r=e.text??e.raw;return e.type==="text"&&e.escaped===!1?Ut(r):r}#s(e){return e.task?N("li",{class:e.checked?"task done":"task"},N("span",{class:"box","aria-hidden":"true"}),N("span",{class:"hidden"},e.checked?"Done: ":"To do: "),this.#n(e)):N("li",null,this.#n(e))}#i(e){let r=o=>n=>N(o,n.align?{class:`align-${n.align}`}:null,this.#n(n));return N("div",{class:"table-scroll"},N("table",null,N("thead",null,N("tr",null,this.#e(e.header,r("th")))),N("tbody",null,this.#e(e.rows,o=>N("tr",null,this.#e(o,r("td")))))))}};function zn(t,e){let r=X(t,uo);return r?N("a",{href:r,target:"_blank",rel:"noopener noreferrer"},e):e}var ol={amp:"&",lt:"<",gt:">",quot:'"',apos:"'",nbsp:"\xA0",ndash:"\u2013",mdash:"\u2014",hellip:"\u2026",rsquo:"\u2019",lsquo:"\u2018"};function Ut(t){return t.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]+));/g,(e,r,o,n)=>{if(n)return ol[n]??e;let i=r?Number(r):parseInt(o,16);return i>0&&i<=1114111?String.fromCodePoint(i):"\uFFFD"})}function jn({text:t}){return s`
		<${ar} key=${t} fallback=${s`<p class="plain-text" dir="auto">${Cr(t)}</p>`}>
			<${nl} text=${t} />
		</${ar}>`}function nl({text:t}){let{nodes:e,truncated:r}=re(()=>Un(t),[t]);return s`
		<div class="prose" dir="auto">${e}</div>
		${r&&s`<p class="muted">Only the beginning is shown, because this text is very long.</p>`}`}var Ar={summary:"summary",action_items:"action items",highlights:"highlights",transcript:"transcript"};function Wn(t,e){let r=Ar[e];switch(t){case"waiting":return"Not ready yet. Fathom is asked again automatically.";case"none":return`Fathom has no ${r} for this meeting.`;default:return`The ${r} ${r.endsWith("s")?"have":"has"} not been copied yet. Fathom is asked after the next sync.`}}function Hn({workspace:{jobs:t},meeting:e,part:r}){let{run:o,busy:n,error:i}=k(()=>t.requestParts(e.recording_id)),a=t.all.some(c=>c.kind==="fathom.parts"&&c.payload?.recording_id===e.recording_id&&$e(c)),l=e.parts?.[r];return l==="ready"?s`<p class="muted">Loading…</p>`:s`
		<p class="muted">
			${Wn(l,r)}${" "}
			<${d} kind="link" busy=${n||a} aria-label=${`Ask Fathom again for the ${Ar[r]}`} onClick=${o}>
				${a?"Asking Fathom\u2026":"Ask Fathom again"}
			</${d}>
			${i&&s`<span class="error" role="alert">${b(i)}</span>`}
		</p>`}function de({label:t,checked:e,disabled:r,onChange:o}){return s`
		<label class="check-box">
			<input type="checkbox" checked=${e} disabled=${r} onChange=${n=>o(n.currentTarget.checked)} /> ${t}
		</label>`}var sl=1440*60*1e3;function _r({recordingID:t,link:e,onSaved:r,onCancel:o}){let[n,i]=g(!1),a=e?.id??"new",{run:l,busy:c,error:p}=k(async $=>{let y=Number($.get(`link-days-${a}`)),S=String($.get(`link-password-${a}`)??""),x=$.getAll(`link-shown-${a}`),v={title:x.includes("title"),summary:x.includes("summary"),transcript:x.includes("transcript"),...y>0&&{expires:new Date(Date.now()+y*sl).toISOString()},...(S||n)&&{password:n?"":S}};r(e?await D.send(`/api/shares/${e.id}`,{method:"PATCH",body:v}):await D.send("/api/shares",{method:"POST",body:{recording_id:t,...v}}))}),u=$=>{$.preventDefault(),l(new FormData($.currentTarget))},f=E(p,"password"),h=($,y)=>s`
		<label class="check-box" key=${$}><input type="checkbox" name=${`link-shown-${a}`} value=${$} defaultChecked=${e?e[$]:!0} /> ${y}</label>`;return s`
		<form class="rule-form" aria-label=${e?"Change link":"New link"} onSubmit=${u}>
			<fieldset>
				<legend>Shown beside the video</legend>
				${h("title","Title and date")}
				${h("summary","Summary and chapters")}
				${h("transcript","Transcript and captions")}
			</fieldset>
			<div class="field">
				<label for=${`link-days-${a}`}>Expires after</label>
				<select id=${`link-days-${a}`} name=${`link-days-${a}`}>
					${e&&s`<option value="0" selected>As before</option>`}
					<option value="1">A day</option>
					<option value="7">A week</option>
					<option value="30" selected=${!e}>30 days</option>
					<option value="365">A year</option>
				</select>
			</div>
			${e?.password&&s`<${de} label="Remove the password" checked=${n} onChange=${i} />`}
			${!n&&s`
				<${C} id=${`link-password-${a}`} label=${e?.password?"New password":"Password"} type="text" minlength="8" maxlength="72" autocomplete="off"
					spellcheck=${!1} error=${f} hint=${e?.password?"Leave it blank to keep the present one.":"Optional, at least 8 characters."} />`}
			${p&&!f&&s`<${m}>${b(p)}</${m}>`}
			<div class="actions">
				<${d} type="submit" busy=${c}>${e?"Save":"Create"}</${d}>
				<${d} kind="quiet" disabled=${c} onClick=${o}>Cancel</${d}>
			</div>
		</form>`}function Yn({recordingID:t,isStored:e}){let[r,o]=g(null),[n,i]=g(!1),{run:a,error:l}=k(async()=>o((await D.send("/api/shares",{query:{recording_id:t}})).shares));w(()=>{a()},[t,e]);let c=u=>{i(!1),o(f=>{let h=f??[];return h.some(({id:$})=>$===u.id)?h.map($=>$.id===u.id?u:$):[u,...h]})},p=async u=>{await D.send(`/api/shares/${u}`,{method:"DELETE"}),o(f=>(f??[]).filter(h=>h.id!==u))};return!e&&!r?.length?null:s`
		<section class="card shared-links" aria-labelledby="shared-links-heading">
			<h2 id="shared-links-heading">Share</h2>
			${e&&s`<p class="muted">Anybody with a link can watch the recording, without an account.</p>`}
			${l&&s`<${m}>${b(l)} <${d} kind="link" onClick=${a}>Try again</${d}></${m}>`}
			${r&&r.length>0&&s`
				<ul class="rules">
					${r.map((u,f)=>s`<li key=${u.id}><${al} link=${u} name=${`link ${r.length-f}`} onChange=${c} onRevoke=${()=>p(u.id)} /></li>`)}
				</ul>`}
			${n?s`<${_r} recordingID=${t} onSaved=${c} onCancel=${()=>i(!1)} />`:e&&s`<${d} kind="quiet" disabled=${!r} onClick=${()=>i(!0)}>Create link</${d}>`}
		</section>`}function il(t){let e=[t.title&&"title",t.summary&&"summary",t.transcript&&"transcript"].filter(Boolean);return e.length?`Video with ${e.join(", ")}`:"Video only"}function al({link:t,name:e,onChange:r,onRevoke:o}){let[n,i]=g(!1),a=Date.parse(t.expires)<=Date.now(),l=a||!!t.ended;return n?s`
			<${_r} link=${t} recordingID=${t.recording_id} onCancel=${()=>i(!1)}
				onSaved=${c=>{r(c),i(!1)}} />`:s`
		<div class="shared-link">
			${!l&&t.url&&s`<${ll} url=${t.url} id=${t.id} name=${e} />`}
			<p class="muted">
				${t.ended&&s`<${G} tone="plain">Recording deleted</${G}> `}${t.password&&s`<${G} tone="plain">Password</${G}> `}
				${il(t)} · ${a?"expired":"expires"} ${ae(t.expires)} · ${T(t.views,"view")}
			</p>
			<div class="actions">
				${!l&&s`<${d} kind="quiet" aria-label=${`Change: ${e}`} onClick=${()=>i(!0)}>Change</${d}>`}
				<${R} label=${l?"Remove":"Revoke"} subject=${e} action=${o}
					question=${l?"Remove this link from the list?":"Nobody can open this link any more. A video that is playing stops at its next part."} />
			</div>
		</div>`}function ll({url:t,id:e,name:r}){let[o,n]=g(!1),{run:i,error:a}=k(async()=>{await navigator.clipboard.writeText(t),n(!0)});return s`
		<${C} id=${`link-${e}`} label=${`Address of ${r}`} readonly value=${t} spellcheck=${!1} autocomplete="off"
			onFocus=${l=>l.currentTarget.select()} />
		<div class="actions">
			<${d} kind="quiet" aria-label=${`Copy ${r}`} onClick=${i}>${o?"Copied":"Copy link"}</${d}>
			<a class="button quiet" href=${t} target="_blank" rel="noopener" aria-label=${`Open ${r}`}>Open</a>
		</div>
		${a&&s`<${m}>Your browser doesn’t allow copying here. Select the address and copy it.</${m}>`}`}var Vn=30;function Zn({transcript:t,missing:e,at:r,isShown:o=!1,onSeek:n}){let[i,a]=g(!1),l=re(()=>cl(t?.items??[]),[t]),c=r===void 0?-1:l.findLastIndex(({at:f})=>(wt(f)??1/0)<=r),p=z(null);if(w(()=>{o&&p.current?.scrollIntoView({block:"center"})},[c,o]),!l.length)return s`
			<section>
				<h2>Transcript</h2>
				${e}
			</section>`;let u=i||c>=Vn?l:l.slice(0,Vn);return s`
		<section>
			<h2>Transcript</h2>
			<ol class="transcript">
				${u.map(({speaker:f,at:h,texts:$},y)=>s`
					<li key=${y} class=${y===c?"marked":void 0} ref=${y===c?p:void 0}>
						<p class="speaker" dir="auto"><strong>${f||"Unknown speaker"}</strong> <${Qe} at=${h} onSeek=${n} /></p>
						<p dir="auto">${$.join(" ")}</p>
					</li>`)}
			</ol>
			${u.length<l.length&&s`
				<${d} kind="quiet" onClick=${()=>a(!0)}>Show all ${T(l.length,"passage")}</${d}>`}
		</section>`}function cl(t){let e=[];for(let r of t){let o=r.speaker?.display_name??"",n=e.at(-1);n&&n.speaker===o?n.texts.push(r.text??""):e.push({speaker:o,at:r.timestamp,texts:[r.text??""]})}return e}function Xe({workspace:{jobs:t},recordingID:e}){return s`<${Gn} label="Upload it myself" action=${()=>t.transfer(e,{byHand:!0})} />`}function Qn({workspace:t,transfer:e}){let{jobs:r}=t,[o,n]=g({});if(r.transferring.value.has(e.recording_id))return s`<p class="muted">The upload starts soon.</p>`;let i={...je(r.records.value.get(e.job)),deliver:!0,byHand:!1,...o},a=Pe(t.delivery,i);return s`
		<${Gn} label=${e.note?"Try the upload again":"Upload it for me"} action=${()=>r.transfer(e.recording_id,i)} />
		${a.by==="server"&&s`<p class="muted">${Ze(a.visibility)}</p>`}
		<${he} workspace=${t} id="upload" choice=${i} onChange=${n} />`}function Gn({label:t,action:e}){let{run:r,busy:o,error:n}=k(e);return s`
		<${d} kind="quiet" busy=${o} onClick=${r}>${t}</${d}>
		${n&&s`<${m}>${b(n)}</${m}>`}`}function ht({workspace:{jobs:t},transfer:e,label:r="Copy again",isStored:o=!1}){let n=t.records.value.get(e.job),{run:i,busy:a,error:l}=k(()=>t.transfer(e.recording_id,{...je(n),again:o,deliver:e.status!=="stored"})),c=l?b(l):n?.status==="dead"?n.error:"";return t.transferring.value.has(e.recording_id)?s`<p class="muted">The video is copied from Fathom again soon.</p>`:s`
		<${d} kind="quiet" busy=${a} onClick=${i}>${r}</${d}>
		${c&&s`<${m}>${c}<${xe} reason=${c} /></${m}>`}`}function jt({details:t,label:e="Download",kind:r="primary",onDone:o}){let{run:n,busy:i,error:a}=k(async()=>{await t.loadTransferred();let l=t.recording.value;if(!l)throw new Error("The recording is no longer stored here. Copy the meeting again");Ve(await t.fileURL(l,!0),l.file_name),o?.()});return s`
		<${d} kind=${r} busy=${i} onClick=${n}><${ke} />${e}</${d}>
		${a&&s`<${m}>${b(a)}</${m}>`}`}var dl=["validation_link_length","validation_link_title","validation_link_private","validation_link_unreachable"];function Xn(t){let e=t?.response?.data?.share_url;if(!dl.includes(e?.code))return null;let{code:r,message:o,expected:n,found:i}=e;return i?{message:r==="validation_link_length"?"The video at Loom has another length than this recording.":"The video at Loom has another title than this recording.",sides:[{name:"At Loom",text:Kn(i)},{name:"This recording",text:Kn(n)}]}:{message:o,sides:[]}}var Kn=({title:t,duration:e})=>[t||"Untitled",e>0&&Ue(e)].filter(Boolean).join(" \xB7 ");function Jn({verified:t,unchecked:e,error:r}){return t?"":e==="private"?"Not checked: Loom shows this video only to some people.":e==="unreachable"?"Not checked: Loom could not be reached. The link is checked again on your later visits, up to 12 times.":r||"Saved by you although the title or the length differs."}function Wt({workspace:t,transfer:e}){let[r,o]=g(""),{run:n,busy:i,error:a,clear:l}=k(async(u,f)=>{o(u);let h=await t.db.collection("transfers").update(e.id,{share_url:u,confirmed:f});for(let $ of[t.transfers,t.waiting])$.put(h)},()=>{let u=t.yourTurn.length;return`Link saved. The video is on Loom.${u>0?` ${T(u,"more","more")} to upload.`:""}`}),c=u=>{u.preventDefault(),n(String(new FormData(u.currentTarget).get("share-link")).trim(),!1)},p=Xn(a);return s`
		<form onSubmit=${c}>
			<${C} id="share-link" label="Loom share link" required autocomplete="off" spellcheck=${!1} onInput=${a?l:void 0}
				placeholder="https://www.loom.com/share/…" error=${a&&!p?E(a,"share_url")||b(a):""} />
			${p&&s`
				<${m}>
					<p>${p.message}</p>
					${p.sides.length>0&&s`
						<dl class="sides">${p.sides.map(({name:u,text:f})=>s`<dt>${u}</dt><dd>${f}</dd>`)}</dl>`}
					<${d} kind="quiet" busy=${i} onClick=${()=>n(r,!0)}>Save anyway</${d}>
				</${m}>`}
			<${d} type="submit" busy=${i}>${i?"Checking link\u2026":"Save link"}</${d}>
		</form>`}function Ce({details:t,isDelivered:e=!1,canDownload:r=!0}){let o=t.recording.value;if(!o)return null;let n=We(o)?"audio":"video",i=e?"The video on Loom, the summary and the transcript are kept.":`${n==="video"?"It is not on Loom yet. ":""}The summary and the transcript are kept, and you can copy the meeting again.`;return s`
		<div class="stored-video">
			<p class="muted">The ${n} stored here takes up ${U(o.size)}.${o.retained_until&&` It is deleted after ${be(o.retained_until)}.`}</p>
			<div class="actions">
				${r&&s`<${jt} details=${t} kind="quiet" label=${`Download ${n}`} />`}
				<${R} label=${`Delete stored ${n}`} action=${()=>t.deleteRecording()} done=${`The stored ${n} is deleted.`}
					question=${`Delete the ${n} stored here and free ${U(o.size)}? ${i}`} />
			</div>
		</div>`}function es({workspace:t,details:e,transfer:r}){let[o,n]=g(!1),{loomUploadURL:i}=V.value,a=e.loadedFor.value!==r.status||e.recording.value;return s`
		${r.note&&s`<${m} kind="note">${r.note}</${m}>`}
		${t.delivery.by==="server"&&s`<${Qn} workspace=${t} transfer=${r} />`}
		<ol class="loom-steps">
			<li>
				<h3>Download the video${o&&s`<span class="ticked"><${Ne} /><span class="hidden"> (done)</span></span>`}</h3>
				${a?s`
						<p>${r.file_name}<span class="muted"> · ${U(r.bytes_total)}</span></p>
						<${jt} details=${e} kind=${o?"quiet":"primary"}
							label=${o?"Download again":"Download"} onDone=${()=>n(!0)} />`:s`
						<p>The video stored here was deleted. If you haven’t downloaded it, copy it from Fathom again.</p>
						<${ht} workspace=${t} transfer=${r} />`}
			</li>
			<li>
				<h3>Upload it to Loom</h3>
				<p>In your Loom library, select <strong>New video</strong>, then <strong>Upload a video</strong>, and choose the file. Keep its name.</p>
				<p><${I} href=${i}>Open ${new URL(i).host}</${I}></p>
			</li>
			<li>
				<h3>Paste the share link</h3>
				${St(t.loomReader)&&s`<p class="muted">Or wait: Loom is asked for your new videos. This one is found if its title and length leave no doubt.</p>`}
				<${Wt} workspace=${t} transfer=${r} />
			</li>
		</ol>
		<${Ce} details=${e} canDownload=${!1} />
		${e.recording.value&&s`<${ht} workspace=${t} transfer=${r} isStored=${!0} label="Copy again" />`}`}function Ht({url:t}){let e=X(t);return e&&s`<p><${I} class="share" href=${e}>${e.replace(/^https?:\/\//,"")}</${I}></p>`}function ts({workspace:t,details:e,meeting:r,reason:o,job:n}){let[i,a]=g({}),l={...je(n),...i},{run:c,busy:p,error:u}=k(()=>t.jobs.transfer(r.recording_id,l),"The copy starts again.");return s`
		<${m}>${o}<${xe} reason=${o} /></${m}>
		<div class="actions">
			<${d} kind=${nt(n)?"quiet":"primary"} busy=${p} onClick=${c}>Retry</${d}>
			${l.deliver&&t.delivery.by!=="user"&&s`<${Xe} workspace=${t} recordingID=${r.recording_id} />`}
		</div>
		${l.deliver&&!l.byHand&&s`<${he} workspace=${t} id="transfer" choice=${l} onChange=${a} />`}
		${u&&s`<${m}>${b(u)}<${xe} reason=${b(u)} /></${m}>`}
		<${Ce} details=${e} />`}function rs({workspace:t,details:e,transfer:r}){let[o,n]=g({}),{run:i,busy:a,error:l}=k(()=>t.jobs.transfer(r.recording_id,o));return s`
		<p>${_e(r,void 0).detail}</p>
		${!We(r)&&s`
			<${d} busy=${a} onClick=${i}>Upload to Loom</${d}>
			<${he} workspace=${t} id="transfer" choice=${o} onChange=${n} />`}
		${l&&s`<${m}>${b(l)}<${xe} reason=${b(l)} /></${m}>`}
		<${Ce} details=${e} />
		<${ns} workspace=${t} details=${e} transfer=${r} />`}function os({workspace:t,details:e,transfer:r}){let o=Jn(r);return s`
		<${Ht} url=${r.share_url} />
		<p class="muted">Delivered ${Q(r.delivered_at,M(r.delivered_at))}.${_t(r)&&` ${Ze(r.visibility)}`}${o&&s`<br />${o}`}</p>
		${r.note&&s`<${m} kind="note">${r.note}</${m}>`}
		<${Ce} details=${e} isDelivered=${!0} />
		<${ns} workspace=${t} details=${e} transfer=${r} />
		<details>
			<summary>Change link</summary>
			<${Wt} workspace=${t} transfer=${r} />
		</details>`}function ns({workspace:t,details:e,transfer:r}){if(e.loadedFor.value!==r.status)return null;let o=!!e.recording.value;return s`
		${!o&&s`<p class="muted">The file stored here was deleted.</p>`}
		<${ht} workspace=${t} transfer=${r} isStored=${o} label=${o?"Copy again":"Fetch the file again"} />`}function ss({workspace:t,details:e,meeting:r,transfer:o}){let[n,i]=g({}),{run:a,busy:l,error:c}=k(f=>t.jobs.transfer(r.recording_id,f?n:{deliver:f}),"The copy starts.",()=>()=>t.jobs.cancelTransfer(r.recording_id)),{delivery:p}=t,u=o?.status==="cancelled";return s`
		<p>${u&&"The last copy was cancelled. "}The video, summary and transcript are copied to your storage here. ${Yo(Pe(p,n))}</p>
		${c&&s`<${m}>${b(c)}<${xe} reason=${b(c)} /></${m}>`}
		<div class="actions">
			<${d} busy=${l} onClick=${()=>a(!0)}>${Ho(Pe(p,n))}</${d}>
			<${d} kind="quiet" busy=${l} onClick=${()=>a(!1)}>Only keep a copy here</${d}>
			${p.by!=="user"&&s`<${Xe} workspace=${t} recordingID=${r.recording_id} />`}
		</div>
		<${he} workspace=${t} id="transfer" choice=${n} onChange=${i} />
		<${Ce} details=${e} />`}function is({workspace:t,details:e,meeting:r}){let o=t.transferOf(r.recording_id),n=o?.job??"",i=t.jobs.records.value.get(n),a=yo(o)&&!!n&&!i&&!t.jobs.isDeleted(n);w(()=>{a&&t.jobs.refresh(n).catch(()=>{})},[n,a]);let l=t.stateOf(r.recording_id,M(...Ct(i,t.jobs)));return s`
		<section class=${`card transfer ${l.phase}`} aria-labelledby="transfer-heading">
			<h2 id="transfer-heading" class=${`state ${l.tone}`} aria-live="polite"><${oo[l.icon]} />${l.word}</h2>
			${!["none","failed","stored"].includes(l.phase)&&s`<${Et} titles=${At(o,i)} step=${l.step} />`}
			${l.phase==="none"&&s`<${ss} workspace=${t} details=${e} meeting=${r} transfer=${o} />`}
			${(l.phase==="waiting"||l.phase==="running")&&s`
				<${Ht} url=${o?.share_url} />
				<${ul} workspace=${t} title=${r.title} transferID=${o?.id??""} state=${l} job=${i} />
				${o&&l.step===2&&l.phase==="waiting"&&_t(o)&&s`<${Xe} workspace=${t} recordingID=${r.recording_id} />`}`}
			${l.phase==="failed"&&s`<${ts} workspace=${t} details=${e} meeting=${r} reason=${l.detail} job=${i} />`}
			${l.phase==="upload"&&o&&s`<${es} workspace=${t} details=${e} transfer=${o} />`}
			${l.phase==="stored"&&o&&s`<${rs} workspace=${t} details=${e} transfer=${o} />`}
			${l.phase==="done"&&o&&s`<${os} workspace=${t} details=${e} transfer=${o} />`}
		</section>`}function ul({workspace:t,title:e,transferID:r,state:o,job:n}){return s`
		<${Rt} workspace=${t} transferID=${r} state=${o} name="Progress" hasPercent=${!0} />
		<p class="hidden" aria-live="polite">${pl(o)}</p>
		${n&&$e(n)&&s`<${Pt} jobs=${t.jobs} job=${n} title=${e} />`}`}var pl=({word:t,fraction:e,step:r})=>e===null?t:`${Math.floor(e*4)*25}% ${r===2?"uploaded":"copied"}`;var ml=[[1280,.8],[1280,.6],[960,.6],[640,.6]],Lr={width:32,height:18},hl=6;function fl(t,e,r){let o=Math.min(1,r/Math.max(t,e));return{width:Math.max(1,Math.round(t*o)),height:Math.max(1,Math.round(e*o))}}function $l(t){let e=[];for(let n=0;n+2<t.length;n+=4)e.push(.299*t[n]+.587*t[n+1]+.114*t[n+2]);let r=e.reduce((n,i)=>n+i,0)/e.length,o=e.reduce((n,i)=>n+(i-r)**2,0)/e.length;return!(Math.sqrt(o)>=hl)}function as(t,{width:e,height:r}){let o=document.createElement("canvas");Object.assign(o,{width:e,height:r});let n=o.getContext("2d",{alpha:!1});if(!n)throw new Error("This browser has no canvas.");return n.drawImage(t,0,0,e,r),{canvas:o,context:n}}async function Rr(t){if(!t.videoWidth)return null;let{context:e}=as(t,Lr);if($l(e.getImageData(0,0,Lr.width,Lr.height).data))return null;for(let[r,o]of ml){let{canvas:n}=as(t,fl(t.videoWidth,t.videoHeight,r)),i=await new Promise(a=>n.toBlob(a,"image/jpeg",o));if(i&&i.size<=204800)return i}return null}async function ls(t,e){let r=document.createElement("video"),o=n=>new Promise((i,a)=>{r.addEventListener(n,i,{once:!0}),r.addEventListener("error",()=>a(r.error),{once:!0})});try{return Object.assign(r,{crossOrigin:"anonymous",muted:!0,preload:"metadata",src:t}),await o("loadedmetadata"),r.currentTime=e,await o("seeked"),await Rr(r)}finally{r.removeAttribute("src"),r.load()}}var gl=2,kl=3e3,bl=20;function cs(t,e,r,o){w(()=>{let n=t.current;if(!e||!(n instanceof HTMLVideoElement))return;let[i,a,l]=[bl,0,!1],c=()=>n.removeEventListener("timeupdate",p),p=async()=>{if(!(l||n.paused||n.seeking||Date.now()<a||yl(n)<gl)){l=!0,a=Date.now()+kl;try{let u=await Rr(n).catch(async f=>{if(f.name!=="SecurityError")throw f;return ls(await r(),n.currentTime)});u&&await o(u),(u||--i===0)&&c()}catch{c()}l=!1}};return n.addEventListener("timeupdate",p),c},[t.current,e])}function yl({played:t}){let e=0;for(let r=0;r<t.length;r++)e+=t.end(r)-t.start(r);return e}var vl=6e4;function ds({details:t,recording:e,player:r,startAt:o}){let[n,i]=g({url:"",created:0}),[a,l]=g(!1),c=z(null),p=()=>{t.fileURL(e,!1).then($=>i({url:$,created:Date.now()}),()=>l(!0))};w(p,[e.file]),cs(r,!t.meeting.value?.poster,()=>t.fileURL(e,!1,!0),$=>t.savePoster($)),w(()=>{let $=r.current;o===void 0||!$||($.readyState>0?$.currentTime=o:c.current={at:o,rate:1,playing:!1})},[o]);let u=()=>{if(!n.url||Date.now()-n.created<vl)return l(!0);let $=r.current;$&&(c.current={at:$.currentTime,rate:$.playbackRate,playing:!$.paused}),p()},f=()=>{let $=r.current;if(!$||!c.current)return;let{at:y,rate:S,playing:x}=c.current;c.current=null,$.currentTime=y,$.playbackRate=S,x&&$.play().catch(()=>{})},h=We(e)?"audio":"video";return a?s`<${m} kind="note">This browser cannot play the ${h}. Download it instead.</${m}>`:s`
		<${h} ref=${r} controls playsinline preload="metadata" src=${n.url||void 0} aria-label=${`Meeting ${h}`}
			onError=${u} onLoadedMetadata=${f} />`}async function Yt(t,e,{download:r=!1,proxy:o=!1}={}){let n=await t.files.getToken();return t.files.getURL(e,e.file,{token:n,...r&&{download:!0},...o&&{proxy:1}})}var wl="id,recording_id,title,meeting_type,recorded_at,duration,language,recorded_by,invitees,fathom_url,summary,action_items,highlights,parts,loom_url,poster,withdrawn_at,created,updated",Vt=class{meeting=B(null);transcript=B(null);recording=B(null);chapters=B([]);loadedFor=B("");ready=B(!1);error=B("");isGone=B(!1);#t;#r;#e;#o=!1;#n=()=>{};#s=()=>{};#i=0;#a="";constructor(e,r,o){this.#t=e,this.#r=r,this.#e=o}start(){this.#n=dr(this.#r,"meetings/*",({action:e,record:r})=>{r.id===this.#e&&(e==="delete"?this.#c():this.load())},()=>this.load(),{fields:xo}),this.#s=dr(this.#r,"recordings/*",({record:e})=>{e.recording_id===this.meeting.value?.recording_id&&this.loadTransferred().catch(()=>{})},async()=>{},{fields:"id,recording_id"})}stop(){this.#o=!0,this.#n(),this.#s()}async delete(){await this.#t.collection("meetings").delete(this.#e)}async load(){if(!this.#o){this.error.value="",this.isGone.value=!1;try{this.#u(await this.#t.collection("meetings").getOne(this.#e,{fields:wl})),await this.loadTransferred()}catch(e){if(this.#o)return;oe(e)!==404?this.error.value=F(e):this.meeting.value?this.#c():this.#d("Meeting not found.")}}}async loadTransferred(e=this.#a){this.#a=e;let r=++this.#i,o=this.meeting.value;if(!o)return;let n=async a=>{let l=this.#t.filter("recording_id = {:id}",{id:o.recording_id});return(await this.#t.collection(a).getList(1,1,{filter:l,skipTotal:!0})).items[0]??null},i=()=>!this.#o&&r===this.#i;try{let[a,l]=await Promise.all([this.transcript.value?.items?.length?this.transcript.value:n("transcripts"),n("recordings")]),c=l?.file?l:null,p=c&&i()?await this.#l():[];if(!i())return;Gr(()=>{this.transcript.value=a,this.recording.value=c,this.chapters.value=p,this.loadedFor.value=e})}finally{i()&&(this.ready.value=!0)}}async#l(){return(await this.#t.send(`/api/meetings/${this.#e}/chapters`,{method:"GET"})).chapters}async fileURL(e,r,o=!1){return Yt(this.#t,e,{download:r,proxy:o})}async savePoster(e){await this.#t.send(`/api/meetings/${this.#e}/poster`,{method:"PUT",body:e,headers:{"Content-Type":"image/jpeg"}})}async deleteRecording(){let e=this.recording.value;e&&(await this.#t.collection("recordings").delete(e.id),this.recording.value=null)}#c(){this.#o=!0,this.meeting.value=null,this.#d("This meeting was deleted.")}#d(e){this.isGone.value=!0,this.error.value=e}#u(e){let r=this.meeting.value;!this.#o&&!(r&&vo(e,r))&&(this.meeting.value=e)}};function xl({workspace:t,id:e,at:r}){let o=re(()=>new Vt(t.db,t.streams.database,e),[t,e]);w(()=>(scrollTo(0,0),o.start(),()=>o.stop()),[o]);let{transfers:n,jobs:i}=t,a=o.ready.value&&[n,i].every(p=>p.loaded.value||p.error.value),l=o.meeting.value,c=l&&t.transferOf(l.recording_id)?.status;return w(()=>{c&&o.loadTransferred(c).catch(()=>{})},[c]),s`
		<div class="page">
			<p><a class="back" href=${O("/")}><${kt} />Meetings</a></p>
			${o.error.value&&s`
				<${m}>
					${o.error.value}${" "}
					${o.isGone.value?s`<a href=${O("/")}>Back to meetings</a>`:s`<${d} kind="link" onClick=${()=>o.load()}>Try again</${d}>`}
				</${m}>`}
			${!(l&&a)&&!o.error.value&&s`<${q} label="Loading meeting" />`}
			${l&&a&&s`<${Sl} workspace=${t} details=${o} meeting=${l} at=${r} />`}
		</div>`}function Sl({workspace:t,details:e,meeting:r,at:o}){let n=z(null),i=e.recording.value,a=f=>{n.current&&(n.current.currentTime=f,n.current.scrollIntoView({block:"nearest"}),n.current.play().catch(()=>{}))},l=i?a:void 0,c=f=>s`<${Hn} workspace=${t} meeting=${r} part=${f} />`,p=X(r.fathom_url),u=[`${be(r.recorded_at)}, ${ye(r.recorded_at)}`,ze(r.duration),r.meeting_type].filter(Boolean);return s`
		<div class="meeting-head">
			<${H} title=${r.title||"Untitled meeting"} />
			<p class="muted">${u.join(" \xB7 ")}${p&&s`${" \xB7 "}<${I} href=${p}>Open in Fathom</${I}>`}</p>
			${r.withdrawn_at&&s`<p class="muted"><${G} tone="plain">No longer at Fathom</${G}> Everything that was copied is kept.</p>`}
			<${Bo} db=${t.db} selection=${{recording_ids:[r.recording_id]}} />
		</div>
		<div class="columns">
			<${is} workspace=${t} details=${e} meeting=${r} />
			<article>
				${i&&s`<${ds} key=${i.id} details=${e} recording=${i} player=${n} startAt=${o} />`}
				${i&&s`<${$n} chapters=${e.chapters.value} player=${n} onSeek=${a} />`}
				<section>
					<h2>Summary</h2>
					${r.summary?s`<${jn} text=${r.summary} />`:c("summary")}
				</section>
				<${mn} items=${r.action_items} missing=${c("action_items")} onSeek=${l} />
				<${gn} items=${r.highlights} missing=${c("highlights")} onSeek=${l} />
				<${Zn} transcript=${e.transcript.value} missing=${c("transcript")} at=${o} isShown=${!i} onSeek=${l} />
			</article>
			<${Yn} key=${r.recording_id} recordingID=${r.recording_id} isStored=${!!i} />
			<${Cl} meeting=${r} />
			<${Tl} workspace=${t} details=${e} meeting=${r} />
		</div>`}function Tl({workspace:t,details:e,meeting:r}){return s`
		<section class="deletion" aria-label="Delete meeting">
			<${R} label="Delete meeting…" confirmLabel="Delete meeting" action=${async()=>{await e.delete(),t.titles.remove(r.id),ge(O("/"),{replace:!0})}}
				question="Delete this meeting with the video, summary and transcript stored here? Nothing is deleted at Fathom or Loom. Syncs will not add it again." />
		</section>`}function Cl({meeting:t}){let e=t.invitees??[];return e.length?s`
		<section class="people">
			<h2>People</h2>
			<ul>
				${e.map(r=>s`
					<li dir="auto">${r.name||r.email||"Unknown person"}${r.is_external&&s`<span class="muted"> · external</span>`}</li>`)}
			</ul>
		</section>`:null}function Zt({id:t,email:e,error:r=""}){return s`
		<input type="email" autocomplete="username" value=${e} readOnly hidden />
		<${C} id=${t} label="New password" type="password" required minlength="8" autocomplete="new-password" error=${r} hint="At least 8 characters." />`}function Al({token:t}){let{run:e,busy:r,error:o}=k(cn),n=Se(t,"email"),i=n?we(o):"This link is incomplete. Open it again from the message, or copy all of it.",a=c=>{c.preventDefault(),e(t,String(new FormData(c.currentTarget).get("password")))};if(i)return s`
			<${j} title="Choose a new password">
				<${m}>${i}</${m}>
				<p><a class="button primary" href=${O("/forgot-password")}>Ask for another link</a></p>
			</${j}>`;let l=E(o,"password");return s`
		<${j} title="Choose a new password">
			<p>For the account of <strong>${n}</strong>. All browsers that are signed in to it will be signed out.</p>
			<form onSubmit=${a}>
				<${Zt} id="password" email=${n} error=${l} />
				${o&&!l&&s`<${m}>${F(o)}</${m}>`}
				<${d} type="submit" busy=${r}>Save and sign in</${d}>
			</form>
		</${j}>`}var _l={title:"Title",people:"People",summary:"Summary",action_item:"Action item",highlight:"Highlight",transcript:"Said"};function us({field:t,speaker:e}){return t==="transcript"&&e?`${e} said`:_l[t]??"Text"}function ps(t,e){let r=[],o=0;for(let[n,i]of e)n>=o&&i>n&&i<=t.length&&(n>o&&r.push({text:t.slice(o,n),isMatch:!1}),r.push({text:t.slice(n,i),isMatch:!0}),o=i);return o<t.length&&r.push({text:t.slice(o),isMatch:!1}),r}function ms({posters:t,meeting:e}){let r=[be(e.recorded_at),ye(e.recorded_at)].filter(Boolean).join(", ");return s`
		<li class="result">
			<div class="row-lead">
				<${Vo} posters=${t} meeting=${e} />
				<div>
					<h2 dir="auto"><a href=${e.href}>${e.title||"Untitled meeting"}</a></h2>
					<p class="muted">${r}</p>
				</div>
			</div>
			${e.matches.length>0&&s`
				<ul class="matches">
					${e.matches.map((o,n)=>s`<${Ll} key=${n} meeting=${e} match=${o} />`)}
				</ul>`}
		</li>`}function Ll({meeting:t,match:e}){let r=e.start===null?"":bt(e.start);return s`
		<li>
			<p class="muted">
				${e.start!==null&&s`
					<a class="timestamp" href=${to(t.id,e.start)} aria-label=${`${r} in ${t.title||"Untitled meeting"}`}>${r}</a>${" \xB7 "}`}
				${us(e)}
			</p>
			<p class="excerpt" dir="auto">${ps(e.text,e.ranges).map(({text:o,isMatch:n})=>n?s`<mark>${o}</mark>`:o)}</p>
		</li>`}function Rl({workspace:{search:t,posters:e},query:r}){w(()=>{t.search(r)},[t,r]),Qr(()=>{let i=t.query.value===r?t.scroll:0;requestAnimationFrame(()=>scrollTo(0,i));let a=()=>{t.scroll=scrollY};return addEventListener("scroll",a,{passive:!0}),()=>removeEventListener("scroll",a)},[]);let o=t.error.value,n=oe(o)===400;return s`
		<div class="page">
			<p><a class="back" href=${O("/")}><${kt} />Meetings</a></p>
			<${H} title="Search" />
			<div>
				<${Zo} query=${r} problem=${n?F(o):""} onSearch=${i=>t.search(i)} />
				<p class="muted search-status" role="status">${Pl(t,r)}</p>
			</div>
			${o&&!n&&s`<${m}>${F(o)} <${d} kind="link" onClick=${()=>t.search(r)}>Try again</${d}></${m}>`}
			${r?!o&&s`<${El} search=${t} posters=${e} query=${r} />`:s`<${Dl} />`}
		</div>`}function Pl(t,e){return!e||t.error.value?"":!t.items.value.length&&(t.loading.value||t.query.value!==e)?"Searching\u2026":t.total.value?`${T(t.total.value,"meeting")} found`:"No meetings found"}function El({search:t,posters:e,query:r}){let{run:o,busy:n,error:i}=k(()=>t.loadMore()),a=t.items.value,l=t.total.value,c=t.loading.value||t.query.value!==r;return s`
		${!t.complete.value&&s`
			<${m} kind="note">
				The index is still being built, so some meetings may be missing.${" "}
				<${d} kind="link" busy=${c} onClick=${()=>t.search(r)}>Search again</${d}>
			</${m}>`}
		${!a.length&&!c&&t.complete.value&&s`
			<section class="empty">
				<h2>Nothing found</h2>
				<p>No meeting contains all of these words. Check their spelling, or try fewer of them.</p>
			</section>`}
		${a.length>0&&s`<ol class="results">${a.map(p=>s`<${ms} key=${p.id} posters=${e} meeting=${p} />`)}</ol>`}
		<p class="more" aria-live="polite">
			${t.hasMore.value&&s`
				<${d} kind="quiet" busy=${n} onClick=${o}>${n?"Loading\u2026":"Show more"}</${d}>
				<span class="muted">${`${a.length} of ${T(l,"meeting")}`}</span>`}
			${i&&s`<span class="error">${F(i)}</span>`}
		</p>`}var Dl=()=>s`
	<section class="hints">
		<p>Searches the titles, people, summaries, action items, highlights and transcripts of all meetings.</p>
		<dl>
			<dt>budget marketing</dt><dd>both words, anywhere in a meeting</dd>
			<dt>"next quarter"</dt><dd>these words, one after the other</dd>
			<dt>budg*</dt><dd>words that begin like this</dd>
			<dt>budget OR forecast</dt><dd>one of the words; NOT leaves meetings out</dd>
			<dt>from:ada</dt><dd>meetings in which this person speaks, or which they recorded</dd>
			<dt>after:2026-01-31</dt><dd>meetings from that day on; before: for earlier ones</dd>
		</dl>
	</section>`;function Qt(t){let[e,r]=g(!1),{run:o,error:n}=k(async()=>{await navigator.clipboard.writeText(t),r(!0)});return{run:o,copied:e,error:n}}var Fl=[["read","Read meetings, transcripts and videos"],["transfer","Start and cancel copies and syncs"],["share","Create and revoke links to recordings"]],Il=1440*60*1e3;function hs({onCreated:t,onCancel:e}){let{run:r,busy:o,error:n}=k(async l=>{let c=new Date(Date.now()+Number(l.get("token-days"))*Il).toISOString();t(await D.send("/api/tokens",{method:"POST",body:{name:l.get("token-name"),scopes:l.getAll("token-scope"),expires:c}}))}),i=l=>{l.preventDefault(),r(new FormData(l.currentTarget))},a=E(n,"name");return s`
		<form class="rule-form" onSubmit=${i}>
			<${C} id="token-name" label="Token name" required maxlength="80" autocomplete="off" error=${a} hint="Such as the script that uses it." />
			<fieldset>
				<legend>What it may do</legend>
				${Fl.map(([l,c])=>s`
					<label class="check-box" key=${l}><input type="checkbox" name="token-scope" value=${l} defaultChecked=${l==="read"} /> ${c}</label>`)}
			</fieldset>
			<div class="field">
				<label for="token-days">Expires after</label>
				<select id="token-days" name="token-days">
					<option value="30">30 days</option>
					<option value="90" selected>90 days</option>
					<option value="365">A year</option>
				</select>
			</div>
			${n&&!a&&s`<${m}>${b(n)}</${m}>`}
			<div class="actions">
				<${d} type="submit" busy=${o}>Create</${d}>
				<${d} kind="quiet" disabled=${o} onClick=${e}>Cancel</${d}>
			</div>
		</form>`}function fs({name:t,text:e}){let{run:r,copied:o,error:n}=Qt(e);return s`
		<div class="confirm" role="status">
			<${C} id="new-token" label=${`Token \u201C${t}\u201D`} readonly value=${e} spellcheck=${!1} autocomplete="off"
				onFocus=${i=>i.currentTarget.select()} hint="Copy it now. It is not shown again." />
			<div class="actions"><${d} kind="quiet" onClick=${r}>${o?"Copied":"Copy token"}</${d}></div>
			${n&&s`<${m}>Your browser doesn’t allow copying here. Select the token and copy it.</${m}>`}
		</div>`}function $s(){let[t,e]=g(null),[r,o]=g(!1),[n,i]=g(null),{run:a,error:l}=k(async()=>e((await D.send("/api/tokens",{})).tokens));w(()=>{a()},[]);let c=u=>{i(u),o(!1),a()},p=async u=>{await D.send(`/api/tokens/${u}`,{method:"DELETE"}),n?.id===u&&i(null),e(f=>(f??[]).filter(h=>h.id!==u))};return s`
		<section class="card" aria-labelledby="tokens-heading">
			<h2 id="tokens-heading">API tokens</h2>
			<p class="muted">Scripts and assistants use your data with a token instead of your password. Changing your password
			revokes all tokens, and the access that you gave assistants.</p>
			${!t&&!l&&s`<${q} label="Loading tokens" />`}
			${l&&s`<${m}>${b(l)} <${d} kind="link" onClick=${a}>Try again</${d}></${m}>`}
			${t&&t.length>0&&s`
				<ul class="rules">
					${t.map(u=>s`<li key=${u.id}><${Ol} token=${u} onRevoke=${()=>p(u.id)} /></li>`)}
				</ul>`}
			${n&&s`<${fs} key=${n.id} name=${n.name} text=${n.token} />`}
			${r?s`<${hs} onCreated=${c} onCancel=${()=>o(!1)} />`:t&&s`<${d} kind="quiet" onClick=${()=>o(!0)}>Create token</${d}>`}
		</section>`}function Bl({client:t},e){return e?t?"Remove this assistant from the list?":"Remove this token from the list?":t?"The assistant can\u2019t read your meetings any more, until you allow it again.":"Whatever uses this token stops working at once."}function Ol({token:t,onRevoke:e}){let r=Date.parse(t.expires)<=Date.now(),o=t.last_used?`last used ${Q(t.last_used,M(t.last_used))}${t.last_address&&` from ${t.last_address}`}`:"never used";return s`
		<div>
			<strong>${t.name}</strong> ${t.client?`(assistant, ${t.client})`:s`<code>${t.prefix}…</code>`}
			<p class="muted">${t.scopes.join(", ")} · ${r?"expired":"expires"} ${ae(t.expires)} · ${o}</p>
			<${R} label=${r?"Remove":"Revoke"} subject=${t.name} action=${e}
				question=${Bl(t,r)} />
		</div>`}var ql={system:"As on this device",light:"Light",dark:"Dark"};function gs(){let[t,e]=g(Ko),r=o=>{Xo(o),e(o)};return s`
		<section class="card" aria-labelledby="theme-heading">
			<h2 id="theme-heading">Colors</h2>
			<fieldset class="choices">
				<legend>In this browser</legend>
				${Object.entries(ql).map(([o,n])=>s`
					<label class="check-box" key=${o}>
						<input type="radio" name="theme" checked=${o===t} onChange=${()=>r(o)} /> ${n}
					</label>`)}
			</fieldset>
		</section>`}var ks=t=>JSON.stringify({mcpServers:{"fathom-to-loom":{type:"http",url:`${t}/mcp`,headers:{Authorization:"Bearer YOUR_TOKEN"}}}},null,2);function Pr({id:t,label:e,text:r}){let{run:o,copied:n,error:i}=Qt(r);return s`
		<div class="copy-text">
			<p id=${t} class="hint">${e}</p>
			<pre tabindex="0" role="group" aria-labelledby=${t}>${r}</pre>
			<div class="actions"><${d} kind="quiet" aria-label=${`Copy: ${e}`} onClick=${o}>${n?"Copied":"Copy"}</${d}></div>
			${i&&s`<${m}>Your browser doesn’t allow copying here. Select the text and copy it.</${m}>`}
		</div>`}function bs(){return s`
		<section class="card" aria-labelledby="assistants-heading">
			<h2 id="assistants-heading">Assistants</h2>
			<p>Assistants that support the Model Context Protocol (MCP) can search and read your meetings. Add this address as a
			connector. When the assistant connects, you are asked here what it may do.</p>
			<${Pr} id="mcp-address" label="Address" text=${`${sr()}/mcp`} />
			<details>
				<summary>Use an API token instead</summary>
				<p>Create a token above, paste this into the configuration of the assistant, and replace YOUR_TOKEN.</p>
				<${Pr} id="mcp-config" label="Configuration" text=${ks(sr())} />
			</details>
		</section>`}var Ml={checking:{tone:"plain",label:"Checking\u2026"},valid:{tone:"good",label:"Connected"},invalid:{tone:"bad",label:"Not working"},unchecked:{tone:"plain",label:"Not checked"}};function Nl(t){return t.status==="valid"&&Tt(t)?{tone:"plain",label:"Reading only"}:t.status==="invalid"&&t.details?.state==="choose_site"?{tone:"plain",label:"Site not chosen"}:Ml[t.status]}function Je({connection:t}){let e=t&&Nl(t);return s`<span aria-live="polite">${e&&s`<${G} tone=${e.tone}>${e.label}</${G}>`}</span>`}function ne(t,e,r){let[o,n]=g({saving:0,wanted:void 0,error:null}),i=async l=>{n(({saving:p})=>({saving:p+1,wanted:l,error:null}));let c=null;try{await t.save(e,l)}catch(p){c=p}return n(p=>({...p,saving:p.saving-1,error:c??p.error})),!c};return{value:(o.saving?o.wanted:t.get(e))??r,save:i,error:o.error,loaded:t.loaded.value}}var Gt={types:"Meeting type",people:"Person",domains:"Domain",title_words:"Title contains",title_not:"Title doesn\u2019t contain"},ys=Object.keys(Gt),Er=t=>t.split(",").map(e=>e.trim()).filter(Boolean);function Dr(t){let e={};t.get("recorded_by_me")&&(e.recorded_by_me=!0);for(let n of ys){let i=Er(String(t.get(n)??""));i.length&&(e[n]=i)}let r=String(t.get("external")??"");(r==="only"||r==="none")&&(e.external=r);let o=Number(t.get("min_minutes"));return o>0&&(e.min_minutes=o),e}function vs(t){return[t.recorded_by_me&&"Recorded by me",...ys.map(e=>t[e]?.length&&`${Gt[e]}: ${t[e].join(" or ")}`),t.external==="only"&&"With external people",t.external==="none"&&"Without external people",t.min_minutes&&`At least ${t.min_minutes} minutes`].filter(Boolean).join(" \xB7 ")}function ft({entries:t,onSave:e,...r}){let[o,n]=g(null),i=async()=>{if(o===null)return;await e(Er(o))&&n(l=>l===o?null:l)};return s`
		<${C} ...${r} value=${o??t.join(", ")} autocomplete="off" spellcheck=${!1}
			onInput=${a=>n(a.currentTarget.value)} onChange=${i} />`}function ws({workspace:{preferences:t}}){let e=ne(t,"sync_others",{enabled:!1}),r=e.value,o=i=>e.save({...r,...i}),n=e.error&&(E(e.error,"value")||b(e.error));return s`
		<div class="choices" role="group" aria-labelledby="others-heading">
			<h3 id="others-heading">Meetings of others</h3>
			<${de} label="Include meetings recorded by others" checked=${r.enabled} disabled=${!e.loaded} onChange=${i=>o({enabled:i})} />
			<p class="hint">Fathom lists the calls that were recorded outside your organization only by team or person. A change applies from the next sync.</p>
			${r.enabled&&s`
				<${ft} id="others-teams" label="Teams" entries=${r.teams??[]} placeholder="Sales, Support"
					hint="Leave teams and people blank for all teams. Separate several by commas." onSave=${i=>o({teams:i})} />
				<${ft} id="others-people" label="People" entries=${r.people??[]} placeholder="bo@example.com"
					hint="E-mail addresses of people who record." onSave=${i=>o({people:i})} />`}
			${n&&s`<p class="error" role="alert">${n}</p>`}
		</div>`}function xs({workspace:t}){let e=t.fathom,[r,o]=g(!1),n=z(null),{meetings:i}=t,a=i.loaded.value&&!i.total.value&&!i.query.value,l=c=>{o(!1),n.current?.focus(),No(t,c)};return s`
		<section class="card" aria-labelledby="fathom-heading">
			<div class="card-head">
				<h2 id="fathom-heading" tabindex="-1" ref=${n}>Fathom</h2>
				<${Je} connection=${e} />
			</div>
			${e&&s`<${zl} connection=${e} />`}
			${!e&&s`<p>Your meetings are read with an API key of your Fathom account.</p>`}
			${!e||r?s`<${qo} workspace=${t} connection=${e} onSaved=${l} onCancel=${e&&(()=>o(!1))} />`:s`<${Ul} workspace=${t} connection=${e} onReplace=${()=>o(!0)} />`}
			${e&&s`<${ws} workspace=${t} />`}
		</section>
		${e?.status==="valid"&&a&&s`
			<p><a class="button primary" href=${O("/")}>Continue to meetings</a></p>`}`}function zl({connection:t}){return s`
		<dl class="facts">
			<div><dt>API key</dt><dd><code>${t.last_four?`\u2022\u2022\u2022\u2022 ${t.last_four}`:"\u2022\u2022\u2022\u2022"}</code></dd></div>
			${t.checked_at&&s`<div><dt>Checked</dt><dd>${Q(t.checked_at,M(t.checked_at))}</dd></div>`}
		</dl>
		${t.reason&&s`<${m} kind=${t.status==="invalid"?"problem":"note"}>${t.reason}</${m}>`}`}function Ul({workspace:t,connection:e,onReplace:r}){return s`
		<div class="actions">
			<${d} kind="quiet" onClick=${r}>Replace key</${d}>
			<${R} label="Remove key" action=${async()=>{await t.db.collection("connections").delete(e.id),t.connections.remove(e.id)}}
				question="Remove this key? Meetings and videos that are already copied are kept." />
		</div>`}var Ss="{date} {time} {title}";function Ts({workspace:t}){let{preferences:e}=t,[r,o]=g(!1),n=k(c=>e.save("time_zone",c||void 0)),i=k(c=>e.save("file_name",c&&c!==Ss?c:void 0)),a=async c=>{c.preventDefault(),o(!1);let p=new FormData(c.currentTarget),u=await n.run(String(p.get("time-zone")).trim()),f=await i.run(String(p.get("file-name")).trim());o(u&&f)},l=c=>c?E(c,"value")||b(c):"";return s`
		<section class="card" aria-labelledby="names-heading">
			<h2 id="names-heading">Names of recordings</h2>
			${e.loaded.value&&s`
				<form onSubmit=${a} onInput=${()=>o(!1)}>
					<${C} id="file-name" label="File name" defaultValue=${e.get("file_name")??Ss} autocomplete="off" spellcheck=${!1} error=${l(i.error)}
						hint="{date}, {time}, {title}, {type}, {host} and {id} are replaced. Recordings that are stored already keep their names." />
					<${C} id="time-zone" label="Time zone" defaultValue=${e.get("time_zone")??"UTC"} list="time-zones" autocomplete="off" spellcheck=${!1} error=${l(n.error)} />
					<datalist id="time-zones">${Intl.supportedValuesOf("timeZone").map(c=>s`<option key=${c} value=${c} />`)}</datalist>
					<div class="actions">
						<${d} type="submit" kind="quiet" busy=${n.busy||i.busy}>Save</${d}>
						<span role="status">${r&&"Saved."}</span>
					</div>
				</form>`}
		</section>`}var jl="https://id.atlassian.com/manage-profile/security/api-tokens?autofillToken&expiryDays=max&appId=mcp-v2&selectedScopes=all";function Cs({workspace:t,connection:e,onDone:r}){let[o,n]=g(e?.settings?.method??"token"),i=z(null);return w(()=>{i.current?.querySelector("input:checked")?.focus()},[]),s`
		<div class="loom-connect" ref=${i}>
			<p>Uploads use Atlassian’s official MCP server. Nobody has tried that with this program and a real account
			yet${!t.requiresLoom&&"; if it fails, you still get each file to upload yourself"}.</p>
			<fieldset class="choices">
				<legend>How to connect</legend>
				${Object.entries(cr).map(([a,l])=>s`
					<label class="check-box" key=${a}>
						<input type="radio" name="loom-method" value=${a} checked=${o===a} onChange=${()=>n(a)} />
						<span>${l}${a==="token"&&s`<span class="muted"> (recommended)</span>`}</span>
					</label>`)}
			</fieldset>
			${o==="oauth"?s`<${Vl} workspace=${t} onDone=${r} />`:s`<${Wl} key=${o} workspace=${t} connection=${e} method=${o} onDone=${r} />`}
		</div>`}function Wl({workspace:t,connection:e,method:r,onDone:o}){let n=t.db.collection("connections"),{run:i,busy:a,error:l}=k(async h=>{let $=v=>String(h.get(v)??"").trim(),y={method:r,...r==="token"&&{email:$("loom-email")},site:$("loom-site")},S={secret:$("loom-secret"),settings:y},x=e?await n.update(e.id,S):await n.create({provider:"loom",...S});t.connections.put(x),xt(),o()}),c=h=>{h.preventDefault(),i(new FormData(h.currentTarget))},p=r==="token",u=l?E(l,"secret"):"",f=e?.settings;return s`
		<form onSubmit=${c}>
			${p?s`<${Hl} />`:s`<${Yl} />`}
			${p&&s`
				<${C} id="loom-email" label="E-mail address at Atlassian" type="email" required autocomplete="off" spellcheck=${!1}
					defaultValue=${f?.email??t.user.email} />`}
			<${C} id="loom-secret" label=${cr[r]} type="password" required autocomplete="off" spellcheck=${!1} error=${u} />
			<${C} id="loom-site" label="Atlassian site (optional)" autocomplete="off" spellcheck=${!1} placeholder="your-team.atlassian.net"
				defaultValue=${f?.method===r?f.site??"":""} hint="If you have several sites, you can also choose one afterwards." />
			${l&&!u&&s`<${m}>${b(l)}</${m}>`}
			<div class="actions">
				<${d} type="submit" busy=${a}>${a?"Connecting\u2026":"Connect"}</${d}>
				<${d} kind="quiet" onClick=${o}>Cancel</${d}>
			</div>
		</form>`}var Hl=()=>s`
	<p><${I} href=${jl}>Create an API token at Atlassian</${I}> for the app <strong>Rovo MCP V2</strong> with all
	scopes, as the link preselects. Needed are <code>read:me</code>, <code>read:account</code>, <code>read:loom:agent-interface</code>
	${" "}and <code>write:loom:agent-interface</code>. Tokens of other apps don’t work. They expire after a year at most.</p>
	<p>An organization admin must allow API tokens under Rovo → Rovo MCP server → Authentication.</p>`,Yl=()=>s`
	<p>An organization admin creates service accounts and their API keys in <${I} href="https://admin.atlassian.com">Atlassian
	Administration</${I}>. The key needs the Loom scopes for reading and writing. Organization API keys don’t work.</p>
	<p>The service account owns the videos that it uploads. Let your workspace watch them, or you can’t either.</p>`;function Vl({workspace:t,onDone:e}){let{run:r,busy:o,error:n}=k(()=>ve(t)),i=$o(location);return s`
		<div class="loom-connect">
			${i.text&&s`<${m} kind="note">${i.text}</${m}>`}
			${i.isPossible&&s`<p>You sign in on Atlassian’s page, allow access to one site, and return here.</p>`}
			<div class="actions">
				${i.isPossible&&s`
					<${d} kind=${i.isLocal?"primary":"quiet"} busy=${o} onClick=${r}>${o?"Opening Atlassian\u2026":"Connect Atlassian"}</${d}>`}
				<${d} kind="quiet" onClick=${e}>Cancel</${d}>
			</div>
			${n&&s`<${m}>${b(n)}</${m}>`}
		</div>`}function As({workspace:t,connection:e,onReplace:r}){let{site:o,sites:n}=e.details??{},i=(n??[]).length<2;return s`
		<dl class="facts">
			<div><dt>Connected with</dt><dd>${fo(e)}</dd></div>
			${o&&i&&s`<div><dt>Site</dt><dd>${o.name||o.url}</dd></div>`}
			<div><dt>Can</dt><dd>${ho(e)}</dd></div>
			${e.checked_at&&s`<div><dt>Checked</dt><dd>${Q(e.checked_at,M(e.checked_at))}</dd></div>`}
		</dl>
		<${Zl} workspace=${t} connection=${e} />
		<${Gl} workspace=${t} connection=${e} />
		<${Xl} workspace=${t} connection=${e} onReplace=${r} />`}function Zl({workspace:t,connection:e}){let{status:r,reason:o,details:n}=e;if(r==="checking")return s`<p class="muted">Atlassian is asked what this connection can do.</p>`;let i=[n?.message,n?.advice].filter(Boolean).join(" ")||o;if(!i)return me(e)&&s`<p>Recordings are uploaded to Loom for you.</p>`;let a=X(n?.link);return s`
		<${m} kind=${r==="invalid"?"problem":"note"}>
			${i}${a&&s`${" "}<${I} href=${a}>Open ${new URL(a).host}</${I}>`}
		</${m}>
		${!me(e)&&r!=="unchecked"&&s`<p class="muted">${Ql(t,e)}</p>`}`}function Ql({requiresLoom:t},e){return t?"Until then, uploads to Loom fail.":`Until then, you upload copied videos to Loom yourself.${Tt(e)?" Its link is found by title and length.":""}`}function Gl({workspace:t,connection:e}){let r=e.details?.sites??[],o=e.details?.site?.id??"",{run:n,busy:i,error:a}=k(async c=>{let p={...e.settings,site:c};t.connections.put(await t.db.collection("connections").update(e.id,{settings:p}))});return!r.length&&e.details?.state==="choose_site"?s`<${Kl} site=${e.settings?.site??""} busy=${i} error=${a} onSave=${n} />`:r.length<2?null:s`
		<div class="field">
			<label for="loom-sites">Atlassian site</label>
			<select id="loom-sites" value=${o} disabled=${i||e.status==="checking"} onChange=${c=>n(c.currentTarget.value)}>
				${!o&&s`<option value="">Choose a site</option>`}
				${r.map(({id:c,name:p,url:u})=>s`<option key=${c} value=${c}>${p||u}</option>`)}
			</select>
			${a&&s`<p class="error" role="alert">${b(a)}</p>`}
		</div>`}function Kl({site:t,busy:e,error:r,onSave:o}){return s`
		<form onSubmit=${i=>{i.preventDefault(),o(String(new FormData(i.currentTarget).get("loom-site")).trim())}}>
			<${C} id="loom-site" label="Atlassian site" required autocomplete="off" spellcheck=${!1} placeholder="your-team.atlassian.net"
				defaultValue=${t} error=${r?b(r):""} />
			<${d} type="submit" kind="quiet" busy=${e}>Use this site</${d}>
		</form>`}function Xl({workspace:t,connection:e,onReplace:r}){let{db:o,connections:n}=t,i=k(async()=>n.put(await o.send("/api/loom/check",{method:"POST"}))),a=k(()=>ve(t)),l=i.busy||e.status==="checking",c=e.settings?.method==="oauth",p=e.status==="invalid"&&e.details?.state==="reconnect",u=i.error??a.error;return s`
		<div class="actions">
			${p&&s`<${d} busy=${a.busy} onClick=${c?a.run:r}>Connect again</${d}>`}
			<${d} kind="quiet" busy=${l} onClick=${i.run}>${l?"Checking\u2026":"Check again"}</${d}>
			<${d} kind="quiet" aria-label="Change: Loom" onClick=${r}>Change</${d}>
			<${Fr} workspace=${t} connection=${e} />
		</div>
		${u&&s`<${m}>${b(u)}</${m}>`}`}function Fr({workspace:{db:t,connections:e,requiresLoom:r},connection:o}){return s`
		<${R} label="Disconnect" subject="Loom" action=${async()=>{await t.collection("connections").delete(o.id),e.remove(o.id)}} question=${`Disconnect Loom? Videos that are on Loom are kept. ${r?"Later transfers to Loom fail.":"You upload the files of later transfers yourself."}`} />`}function _s({workspace:t}){let{value:e,save:r,error:o,loaded:n}=ne(t.preferences,"loom",{}),{visibility:i="owner",folder:a=zo}=e,l=c=>r(Uo({visibility:i,folder:a,...c}));return s`
		<h3>Uploaded videos</h3>
		<${Ft} id="loom-visibility" label="Who can watch them" value=${i} disabled=${!n} onChange=${c=>l({visibility:c})} />
		<${It} workspace=${t} id="loom-folder" label="Folder" value=${a} disabled=${!n} onChange=${c=>l({folder:c})} />
		<p class="hint">These apply to videos that are uploaded from now on. Each rule and each upload can choose others.</p>
		${o&&s`<p class="error" role="alert">${E(o,"value")||b(o)}</p>`}`}function Ls({workspace:t}){let{run:e,busy:r,error:o}=k(()=>ve(t));return po.value?s`
		<${m}>${o?b(o):go(location)}</${m}>
		<div class="actions">
			<${d} kind="quiet" busy=${r} onClick=${e}>Sign in again</${d}>
			<${d} kind="link" onClick=${xt}>Dismiss</${d}>
		</div>`:null}var Jl=2e3;function Kt({workspace:t,id:e}){let[r,o]=g(null),[n,i]=g(0),[a,l]=g({}),c=me(t.loom)&&t.loom?.status==="valid"?t.waitingUploads:[];if(!c.length&&!r)return null;let p={recording_ids:c.slice(0,Jl)},u=async()=>{let{created:y}=await t.transferMany(p,{dryRun:!0});if(!y)throw new Error("None of them can be uploaded now. Check your connection to Loom.");i(y)},f=async()=>{let y=await t.transferMany(p,a);o({...y,waiting:0,left:y.left+c.length-p.recording_ids.length})},h=Pe(t.delivery,a),$=h.by==="server"?` ${Ze(h.visibility,n===1?"it":"them")}`:"";return s`
		<section class="waiting-uploads" aria-label="Recordings that wait for you">
			${c.length>0&&s`
				<p>${T(c.length,"recording waits for you to upload it","recordings wait for you to upload them")} to Loom.</p>
				<${R} kind="primary" label=${c.length===1?"Upload it now":"Upload them now"} confirmLabel="Upload" prepare=${u} action=${f}
					question=${`Upload ${T(n,"recording")} to Loom?${$} Videos that are there already are not uploaded again.`}>
					<${he} workspace=${t} id=${e} choice=${a} onChange=${l} many=${!0} offersByHand=${!1} />
				</${R}>`}
			<${Go} result=${r} />
		</section>`}var Rs=({workspace:t})=>V.value.loomUploader==="handover"?s`<${ec} workspace=${t} />`:s`<${tc} workspace=${t} />`;function ec({workspace:t}){let e=t.connections.find(({provider:r})=>r==="loom");return s`
		<section class="card" aria-labelledby="loom-heading">
			<div class="card-head"><h2 id="loom-heading">Loom</h2><${G} tone="plain">No key needed</${G}></div>
			<p>Copied videos wait for you. You upload each on Loom’s website and paste the link that Loom gives you.</p>
			${e&&s`
				<p class="muted">This server uses the connection that you have saved only to find and check your videos, not to upload.</p>
				<${Fr} workspace=${t} connection=${e} />`}
		</section>`}function tc({workspace:t}){let[e,r]=g(!1),o=z(null),n=t.loom,i=()=>{r(!1),o.current?.focus({preventScroll:!0})};return s`
		<section class="card" aria-labelledby="loom-heading">
			<div class="card-head">
				<h2 id="loom-heading" tabindex="-1" ref=${o}>Loom</h2>
				<${Je} connection=${n} />
			</div>
			${!n&&s`
				<p>${t.requiresLoom?"Uploads to Loom need a connection on this server.":"Without a connection, copied videos wait for you. You upload each on Loom\u2019s website and paste the link that Loom gives you."}
				${" "}With a connection to Atlassian, which Loom belongs to, this server uploads the files for you.</p>`}
			${!e&&s`<${Ls} workspace=${t} />`}
			${n&&!e&&s`<${As} workspace=${t} connection=${n} onReplace=${()=>r(!0)} />`}
			${e&&s`<${Cs} workspace=${t} connection=${n} onDone=${i} />`}
			${!n&&!e&&s`<${d} kind="quiet" onClick=${()=>r(!0)}>Connect Loom</${d}>`}
			${me(n)&&!e&&s`
				<${Kt} workspace=${t} id="waiting" />
				<${_s} workspace=${t} />`}
		</section>`}function Xt({workspace:t,provider:e,id:r,title:o,purpose:n,summary:i,fields:a,read:l}){let c=t.connections.find(v=>v.provider===e),[p,u]=g(!1),f=t.db.collection("connections"),{run:h,busy:$,error:y}=k(async v=>{let L=l(v),_=c?await f.update(c.id,L):await f.create({provider:e,...L});t.connections.put(_),u(!1)}),S=v=>{v.preventDefault(),h(new FormData(v.currentTarget))},x=async()=>{c&&(await f.delete(c.id),t.connections.remove(c.id))};return s`
		<section class="card" aria-labelledby=${`${r}-heading`}>
			<div class="card-head">
				<h2 id=${`${r}-heading`}>${o}</h2>
				<${Je} connection=${c} />
			</div>
			<p>${c?i(c.settings??{}):n}</p>
			${c?.reason&&s`<${m} kind=${c.status==="invalid"?"problem":"note"}>${c.reason}</${m}>`}
			${p?s`
				<form onSubmit=${S}>
					${a(c?.settings??{},!!c)}
					<div class="actions">
						<${d} type="submit" busy=${$}>${$?"Testing\u2026":"Save"}</${d}>
						<${d} kind="quiet" onClick=${()=>u(!1)}>Cancel</${d}>
					</div>
					${y&&s`<${m}>${b(y)}</${m}>`}
				</form>`:s`
				<div class="actions">
					<${d} kind="quiet" aria-label=${`${c?"Change":"Add"}: ${o}`} onClick=${()=>u(!0)}>${c?"Change":"Add"}</${d}>
					${c&&s`<${R} label="Remove" subject=${o} action=${x} question="Remove these settings?" />`}
				</div>`}
		</section>`}function Ps({workspace:t}){return s`<${Xt} workspace=${t} provider="smtp" id="mail-server" title="Mail server"
		purpose="Notifications can be sent through a mail server of your own."
		summary=${e=>`Sends from ${e.from} through ${e.host}, port ${e.port}.`}
		fields=${rc} read=${oc} />`}function rc(t,e){return s`
		<${C} id="mail-host" label="Host" defaultValue=${t.host??""} placeholder="smtp.example.com" required autocomplete="off" spellcheck=${!1} />
		<${C} id="mail-port" label="Port" defaultValue=${t.port??587} inputmode="numeric" required autocomplete="off" hint="25, 465, 587 or 2525." />
		<div class="field">
			<label for="mail-security">Encryption</label>
			<select id="mail-security" name="mail-security">
				<option value="starttls" selected=${t.security!=="tls"}>STARTTLS</option>
				<option value="tls" selected=${t.security==="tls"}>TLS (usually port 465)</option>
			</select>
		</div>
		<${C} id="mail-username" label="User name" defaultValue=${t.username??""} required autocomplete="off" spellcheck=${!1} />
		<${C} id="mail-password" label="Password" type="password" required=${!e} autocomplete="new-password" hint=${e?"Leave it blank to keep the saved one.":""} />
		<${C} id="mail-from" label="Sender" defaultValue=${t.from??""} placeholder="ada@example.com" required autocomplete="off" spellcheck=${!1} />`}function oc(t){let e=o=>String(t.get(o)??"").trim();return{settings:{host:e("mail-host"),port:Number(e("mail-port")),security:e("mail-security"),username:e("mail-username"),from:e("mail-from")},...e("mail-password")&&{secret:e("mail-password")}}}var nc={on:"Problems and recordings that are ready are shown while Fathom-to-Loom is open in a tab.",off:"",blocked:"Your browser blocks notifications of this site. Allow them in the browser\u2019s settings for this site.",unsupported:"This browser shows notifications only if the site is opened with HTTPS."};function Es({workspace:{notifications:t}}){let e=t.state.value,{run:r,busy:o}=k(n=>t.choose(n));return s`
		<fieldset class="choices">
			<legend>In this browser</legend>
			<${de} label="Show notifications" checked=${e==="on"} disabled=${o||e==="blocked"||e==="unsupported"} onChange=${r} />
			<p class="hint" role="status">${nc[e]}</p>
		</fieldset>`}var sc={failed:"When there is a problem, or something stops",your_turn:"When it is your turn to upload a recording to Loom",digest:"Every Monday, a summary of the week"},ic={failed:!0,your_turn:!0,digest:!1};function Fs({workspace:t}){let{value:e,save:r,error:o,loaded:n}=ne(t.preferences,"notify"),i={...ic,...e};return s`
		<section class="card" aria-labelledby="notifications-heading">
			<h2 id="notifications-heading">Notifications</h2>
			<fieldset class="choices" disabled=${!n}>
				<legend>Send e-mail to ${t.user.email}</legend>
				${Object.entries(sc).map(([a,l])=>s`
					<${de} key=${a} label=${l} checked=${i[a]} onChange=${c=>r({...i,[a]:c})} />`)}
			</fieldset>
			${o&&s`<${m}>${b(o)}</${m}>`}
			<${ac} workspace=${t} />
			<${Es} workspace=${t} />
		</section>`}function ac({workspace:t}){let e=t.connections.find(({provider:r})=>r==="smtp");return!t.connections.loaded.value||e&&e.status!=="invalid"?null:V.value.mail?t.isVerified.value?null:s`
		<p class="hint">Your address is not confirmed, so this server sends no notifications to it. Confirm it, or add a mail server of your own below.</p>
		<${lc} workspace=${t} />`:s`<p class="hint">This server sends no e-mail. Add a mail server of your own below.</p>`}function lc({workspace:t}){return w(()=>{let e=()=>!document.hidden&&t.checkVerified().catch(()=>{}),r=["visibilitychange","focus"];for(let o of r)addEventListener(o,e);return e(),()=>r.forEach(o=>removeEventListener(o,e))},[t]),s`<${Ye} email=${t.user.email} label="Send me a confirmation link" />`}var Ds=20;function Is({workspace:t}){let e=re(()=>{let o=t.db.collection("notices");return new He(t.streams.database,"notices",async()=>(await o.getList(1,Ds,{sort:"-created"})).items)},[]);w(()=>(e.start(),()=>e.stop()),[e]);let r=[...e.records.value.values()].sort((o,n)=>n.created.localeCompare(o.created)).slice(0,Ds);return e.error.value?s`<${m}>${e.error.value}</${m}>`:r.length?s`
		<section class="card" aria-labelledby="notices-heading">
			<h2 id="notices-heading">Latest</h2>
			<ul class="notices">
				${r.map(o=>s`
					<li key=${o.id}>
						<${cc} notice=${o} meeting=${t.titleByRecording.value.get(o.recording_id)} />
						${" "}<span class="muted">${Q(o.created,M(o.created))}</span>
					</li>`)}
			</ul>
		</section>`:null}var cc=({notice:t,meeting:e})=>e?s`<a href=${K(e.id)}>${t.text}</a>`:t.text;var dc={google:"Google",github:"GitHub",fathom:"Fathom",loom:"Loom",smtp:"your mail server",webhook:"your webhook"},Oe=t=>dc[t]??t,uc={password:"a password",otp:"a code sent by e-mail"},pc={sign_in:t=>`Signed in with ${uc[t]??Oe(t)}`,sign_in_failed:(t,e)=>`${e>1?`${e} sign-ins`:"A sign-in"} failed because of a wrong ${t==="otp"?"code":"password"}`,password_changed:()=>"Password changed",email_changed:()=>"E-mail address changed",sessions_ended:()=>"Signed out everywhere",two_step_on:()=>"Two-step sign-in turned on",two_step_off:()=>"Two-step sign-in turned off",oauth2_linked:t=>`Sign-in with ${Oe(t)} added`,oauth2_unlinked:t=>`Sign-in with ${Oe(t)} removed`,token_created:t=>`API token \u201C${t}\u201D created`,token_revoked:t=>`API token \u201C${t}\u201D revoked`,tokens_revoked:t=>t==="1"?"An API token was revoked":`${t} API tokens were revoked`,share_created:t=>`Link to recording ${t} created`,share_changed:t=>`Link to recording ${t} changed`,share_revoked:t=>`Link to recording ${t} revoked`,assistant_connected:t=>`Access given to the assistant ${t}`,assistant_disconnected:t=>`Access of the assistant ${t} revoked`,assistant_reused:t=>`Access of the assistant ${t} revoked, because a code or token of it was used twice`,connection_added:t=>`Connection to ${Oe(t)} added`,connection_replaced:t=>`Connection to ${Oe(t)} replaced`,connection_changed:t=>`Connection to ${Oe(t)} changed`,connection_removed:t=>`Connection to ${Oe(t)} removed`,database_opened:()=>"Your data was opened",titles_shown:()=>"Titles of your jobs were shown",database_exported:()=>"Your data was exported",meetings_exported:()=>"Meetings were downloaded",database_imported:()=>"Your data was imported",database_archived:()=>"Your data was archived",database_restored:t=>t==="backup"?"Your data was restored from a backup":"Your data was restored",deletion_scheduled:()=>"Deletion of your data requested",deletion_undone:()=>"Deletion of your data cancelled",database_deleted:()=>"Your data was deleted"};function mc({actor:t,actor_email:e}){return t==="superuser"?` by the administrator ${e}`:t==="operator"?" by the operator of this server":t==="server"?" by this server":""}function Os(t){let e=pc[t.event]?.(t.detail,t.count)??t.event.replaceAll("_"," "),r=t.count>1&&t.event!=="sign_in_failed"?` (${t.count} times)`:"";return`${e}${mc(t)}${r}.`}var hc=[[/\bEdg(e|A|iOS)?\//,"Edge"],[/\bOPR\//,"Opera"],[/\b(Firefox|FxiOS)\//,"Firefox"],[/\b(HeadlessChrome|Chrome|CriOS|Chromium)\//,"Chrome"],[/\bSafari\//,"Safari"]],fc=[[/\b(iPhone|iPad)\b/,"iOS"],[/\bAndroid\b/,"Android"],[/\bWindows\b/,"Windows"],[/\bMac OS X\b/,"macOS"],[/\bLinux\b/,"Linux"]],Bs=(t,e)=>t.find(([r])=>r.test(e))?.[1]??"";function qs({address:t,user_agent:e}){let r=Bs(hc,e),o=r&&Bs(fc,e);return[t,r&&o?`${r} on ${o}`:r].filter(Boolean).join(", ")}var $c=20;function Ir({id:t,title:e,events:r=[],onReady:o}){let[n,i]=g(null),[a,l]=g(!1),{run:c,busy:p,error:u}=k(async()=>{let f=(n?.length??0)+$c,h=await D.collection("audit_events").getList(1,f+1,{sort:"-last_at,-@rowid",skipTotal:!0,filter:r.map($=>`event = '${$}'`).join(" || ")});i(h.items.slice(0,f)),l(h.items.length>f)});return w(()=>{c().then(o)},[]),s`
		<section class="card" aria-labelledby=${`${t}-heading`}>
			<h2 id=${`${t}-heading`}>${e}</h2>
			<p class="muted">${r.length?"If you don\u2019t recognize a sign-in, change your password.":"If you don\u2019t recognize something, change your password and your Fathom API key."}</p>
			${!n&&!u&&s`<${q} label="Loading activity" />`}
			${n&&s`
				<ul class="notices">
					${n.map(f=>s`<li key=${f.id}><${gc} event=${f} /></li>`)}
				</ul>`}
			${n?.length===0&&s`<p>Nothing is recorded yet.</p>`}
			${u&&s`<${m}>${b(u)} <${d} kind="link" onClick=${c}>Try again</${d}></${m}>`}
			${a&&s`<${d} kind="quiet" busy=${p} onClick=${c}>Show more</${d}>`}
		</section>`}function gc({event:t}){let e=qs(t);return s`
		${Os(t)}${" "}
		<span class="muted">${Q(t.last_at,M(t.last_at))}${e&&` from ${e}`}</span>`}function Ms({workspace:{user:t,isVerified:e}}){let[r,o]=g(""),{run:n,busy:i,error:a}=k(ln),l=async p=>{p.preventDefault();let u=p.currentTarget,f=String(new FormData(u).get("new-email")).trim();o(""),await n(f)&&(o(f),u.reset())},c=E(a,"newEmail");return s`
		<section class="card" aria-labelledby="email-heading">
			<h2 id="email-heading">E-mail address</h2>
			<p><strong>${t.email}</strong> ${e.value?"(confirmed)":"(not confirmed)"}</p>
			${V.value.mail?s`
					${!e.value&&s`<${Ye} email=${t.email} label="Send the link that confirms it" />`}
					<form onSubmit=${l}>
						<${C} id="new-email" label="New e-mail address" type="email" required autocomplete="email" error=${c} />
						${a&&!c&&s`<${m}>${F(a)}</${m}>`}
						<${d} type="submit" kind="quiet" busy=${i}>Change address</${d}>
					</form>
					${r&&s`<${m} kind="note">Open the link in the message that was sent to ${r}. Until then, you sign in as before.</${m}>`}`:s`<p>This server can’t send e-mail, so it can’t check a new address. Ask <${Re} /> to change yours.</p>`}
		</section>`}function Ns({email:t,providers:e}){let[r,o]=g(!1),{run:n,busy:i,error:a}=k(Lo),l=async u=>{u.preventDefault();let f=u.currentTarget,h=new FormData(f);o(!1),await n(String(h.get("old-password")),String(h.get("new-password")))&&(f.reset(),o(!0))},c=E(a,"oldPassword"),p=E(a,"password");return s`
		<section class="card" aria-labelledby="password-heading">
			<h2 id="password-heading">Password</h2>
			<p class="muted">Changing it signs out all other browsers, and revokes all API tokens and the access of assistants.</p>
			<form onSubmit=${l}>
				<${C} id="old-password" label="Current password" type="password" required autocomplete="current-password" error=${c} />
				<${Zt} id="new-password" email=${t} error=${p} />
				${a&&!c&&!p&&s`<${m}>${b(a)}</${m}>`}
				<${d} type="submit" kind="quiet" busy=${i}>Change password</${d}>
			</form>
			${r&&s`<${m} kind="note">Your password was changed. You are still signed in here.</${m}>`}
			${e.length>0&&s`<${kc} email=${t} />`}
		</section>`}function kc({email:t}){let[e,r]=g(!1),{run:o,busy:n,error:i}=k(Bt),a=async()=>r(await o(t));return V.value.mail?s`
		<div>
			<p>You have never set a password? <${d} kind="link" busy=${n} onClick=${a}>Send a link to choose one</${d}></p>
			<p class="muted" role="status">${e&&`A link is on its way to ${t}.`}</p>
			${i&&s`<${m}>${F(i)}</${m}>`}
		</div>`:s`<p>You have never set a password? Ask <${Re} /> for one.</p>`}var bc=()=>D.send("/api/account/two-step/code",{method:"POST"});function zs({workspace:t,security:{two_step:e,two_step_available:r},onChange:o}){let[n,i]=g(void 0),a=z(null);w(()=>{n===!1&&a.current?.querySelector("button")?.focus()},[n]);let l=async(u,f)=>{await D.send("/api/account/two-step",{method:"POST",body:{on:!e,otpId:u,code:f}}),await o(),i(!1)},c=e?"Turn off":"Turn on",p=r&&(e||t.isVerified.value);return s`
		<section class="card" aria-labelledby="two-step-heading" ref=${a}>
			<h2 id="two-step-heading">Two-step sign-in</h2>
			<p role="status"><strong>${e?"On.":"Off."}</strong> ${e?"Whoever signs in to your account also needs a code that is sent to your e-mail address.":"If it is on, whoever signs in to your account also needs a code that is sent to your e-mail address. Somebody who only knows your password stays out."}</p>
			${!r&&s`<p>${e?s`This server can’t send codes at the moment. Ask <${Re} /> before you sign out.`:"This server can\u2019t send codes."}</p>`}
			${r&&!p&&s`<p>Confirm your e-mail address first, above.</p>`}
			${p&&!n&&s`<${d} kind="quiet" onClick=${()=>i(!0)}>${c}</${d}>`}
			${p&&n&&s`
				<${Io} id="two-step-code" send=${bc} submit=${l} label=${c} onCancel=${()=>i(!1)} cancelLabel="Cancel" />`}
		</section>`}function Us({workspace:t}){let[e,r]=g(null),{run:o,error:n}=k(async()=>{let l=await D.send("/api/account/security",{});t.isVerified.value=l.verified,r(l)}),[i,a]=g(!1);return w(()=>{o()},[]),s`
		<${Ms} workspace=${t} />
		${!e&&!n&&s`<${q} label="Loading security" />`}
		${n&&s`<${m}>${b(n)} <${d} kind="link" onClick=${o}>Try again</${d}></${m}>`}
		${e&&s`
			<${Ns} email=${t.user.email} providers=${e.providers} />
			<${zs} workspace=${t} security=${e} onChange=${o} />
			<${yc} />`}
		${(e||n)&&s`<${Ir} id="sign-ins" title="Recent sign-ins" events=${Fo} onReady=${()=>a(!0)} />`}
		${i&&s`<${Ir} id="activity" title="Recent activity" />`}`}function yc(){let[t,e]=g(!1);return s`
		<section class="card" aria-labelledby="sign-out-heading">
			<h2 id="sign-out-heading">Sign out everywhere</h2>
			<p>Signs out all other browsers and devices at once, and revokes all API tokens and the access of assistants. You stay signed in here.</p>
			<${R} label="Sign out everywhere else" question="Scripts and assistants that use a token stop working. Sign out everywhere else?"
				action=${async()=>{await Ro(),e(!0)}} />
			<p class="muted" role="status">${t&&"All other browsers and devices were signed out."}</p>
		</section>`}var vc=86400,wc=[0,1,7,30,90,365];function js({workspace:{preferences:t}}){let{value:e,save:r,error:o,loaded:n}=ne(t,"keep_recordings"),i=Number(e)||0;return s`
		<div class="field">
			<label for="retention">Keep videos that are on Loom</label>
			<select id="retention" value=${String(i)} disabled=${!n} aria-describedby="retention-hint"
				onChange=${a=>r(Number(a.currentTarget.value)||void 0)}>
				${[...new Set([...wc,i])].map(a=>s`
					<option key=${a} value=${String(a)}>${a?yt(a*vc):"For ever"}</option>`)}
			</select>
			<p class="hint" id="retention-hint">After this time, the copy of a video that is stored here is deleted, also of those that were delivered before.
			Videos that are not on Loom yet, or whose link could not be checked, are kept.</p>
			${o&&s`<p class="error" role="alert">${b(o)}</p>`}
		</div>`}var Ws=10,xc=40,Sc=50;function Hs({workspace:t,onDelete:e}){let{db:r}=t,[o,n]=g([]),[i,a]=g(0),[l,c]=g(Ws),{run:p,busy:u,error:f}=k(async(v=Ws)=>{let L=[];for(let _=1;(_-1)*Sc<v;_++)L.push(await r.send("/api/usage/meetings",{query:{page:_}}));n(L.flatMap(({items:_})=>_).slice(0,v)),a(L[0].totalItems),c(v)});w(()=>{p()},[]);let[h,$]=g(new Set),y=(v,L)=>{let _=new Set(h);L?_.add(v):_.delete(v),$(_)},S=async v=>{try{for(let L of v)await r.collection("recordings").delete(L)}finally{$(new Set([...h].filter(L=>!v.includes(L)))),await p(l),e()}},x=o.filter(({recording:v,video:L})=>L>0&&h.has(v));return s`
		${f&&s`<${m}>${b(f)} <${d} kind="link" onClick=${()=>p(l)}>Try again</${d}></${m}>`}
		${o.length>0&&s`
			<h3>Largest meetings</h3>
			<ul class="videos">
				${o.map(v=>s`<${Cc} key=${v.meeting} workspace=${t} usage=${v} isChosen=${h.has(v.recording)}
					onChoose=${L=>y(v.recording,L)} onDelete=${()=>S([v.recording])} />`)}
			</ul>
			${x.length>0&&s`<${Tc} workspace=${t} selected=${x} action=${()=>S(x.map(({recording:v})=>v))} />`}
			${o.length<i&&s`
				<p class="more">
					<${d} kind="quiet" busy=${u} onClick=${()=>p(l+xc)}>Show more</${d}>
					<span class="muted">${o.length} of ${T(i,"meeting")}</span>
				</p>`}`}`}function Tc({workspace:t,selected:e,action:r}){let o=U(e.reduce((a,{video:l})=>a+l,0)),n=e.filter(({recording_id:a})=>t.transferOf(a)?.status!=="delivered").length,i=n?` ${T(n,"of them is","of them are")} not on Loom yet. You can copy ${n===1?"it":"them"} again.`:" The videos on Loom are kept.";return s`
		<${R} label=${`Delete ${T(e.length,"video")} (${o})`} confirmLabel="Delete" action=${r}
			question=${`Delete ${T(e.length,"video")} and free ${o}?${i}`} />`}function Cc({workspace:t,usage:e,isChosen:r,onChoose:o,onDelete:n}){let i=t.transferOf(e.recording_id),a=e.title||"Untitled meeting",{label:l}=t.stateOf(e.recording_id),c=[e.video>0&&`${U(e.video)} video`,`${U(e.text)} text`,l].filter(Boolean);return s`
		<li>
			<input type="checkbox" aria-label=${`Select: ${a}`} checked=${r} disabled=${!(e.video>0)}
				onChange=${p=>o(p.currentTarget.checked)} />
			<div>
				<a dir="auto" href=${K(e.meeting)}>${a}</a>
				<p class="muted">${c.join(" \xB7 ")}</p>
			</div>
			${e.video>0&&s`
				<${R} label="Delete video" subject=${a} action=${n} question=${Ac(e,i?.status==="delivered")} />`}
		</li>`}function Ac({video:t},e){return`Delete this video and free ${U(t)}? ${e?"The video on Loom is kept.":"It is not on Loom yet. You can copy the meeting again."}`}function Ys({workspace:t}){let[e,r]=g(null),{run:o,error:n}=k(async()=>r(await t.db.send("/api/usage",{})));return w(()=>{o()},[]),s`
		<section class="card" aria-labelledby="storage-heading">
			<h2 id="storage-heading">Storage</h2>
			${n&&s`<${m}>${b(n)} <${d} kind="link" onClick=${o}>Try again</${d}></${m}>`}
			${!e&&!n&&s`<${q} label="Loading storage use" />`}
			${e&&s`<${_c} bytes=${e.bytes} quota=${e.quota} />`}
			<p class="muted">Your meetings, transcripts and videos are stored in your own database. To free space, delete
			videos. Summaries and transcripts are kept.</p>
			<${js} workspace=${t} />
			<${Hs} workspace=${t} onDelete=${o} />
		</section>`}function _c({bytes:t,quota:e}){if(!e)return s`<p><strong>${U(t)}</strong> used.</p>`;let r=t>=e;return s`
		<div class="progress">
			<progress aria-label="Storage used" max="1" value=${Math.min(t/e,1)} />
			<p><strong>${U(t)}</strong> of ${U(e)} used (${vt(t/e)}).</p>
		</div>
		${r&&s`<${m}>Your storage is full. Delete videos to copy more.</${m}>`}`}var Br={kind:"fathom.sync",payload:{}},Vs=({kind:t,payload:e})=>t===Br.kind&&!e?.full,Zs=t=>t?{every:t,enabled:!0}:{enabled:!1},Qs=t=>t?.enabled?t.every:0;var Gs={0:"Never",3600:"Every hour",21600:"Every 6 hours",86400:"Every day"};function Ks({workspace:t}){let e=D.collection("job_schedules"),r=re(()=>new He(t.streams.global,"job_schedules",()=>e.getFullList()),[]);w(()=>(r.start(),()=>r.stop()),[r]);let o=r.find(Vs),[n,i]=g(""),{run:a,busy:l,error:c}=k(async S=>{if(!o&&!S)return;let x=Zs(S),v=o?e.update(o.id,x):e.create({...Br,...x});r.put(await v)}),p=S=>{i(S.currentTarget.value),a(Number(S.currentTarget.value))},u=String(Qs(o)),f=u!=="0",h={...Gs,[u]:Gs[u]??`Every ${ze(Number(u))}`},$=f&&o?.stopped,y=c?b(c):r.error.value||o?.error;return s`
		<div class="field">
			<label for="auto-sync">Sync automatically</label>
			<select id="auto-sync" value=${l?n:u} disabled=${l||!r.loaded.value} aria-describedby="auto-sync-hint" onChange=${p}>
				${Object.entries(h).map(([S,x])=>s`<option key=${S} value=${S}>${x}</option>`)}
			</select>
			<p class="hint" id="auto-sync-hint" aria-live="polite">${f&&!$&&o?.next_run_at?`Next sync ${lo(o.next_run_at,M())}.`:""}</p>
			${$&&s`<p class="error" role="alert">${$} <${d} kind="link" busy=${l} onClick=${()=>a(o.every)}>Resume</${d}></p>`}
			${y&&s`<p class="error" role="alert">${y}</p>`}
		</div>`}var $t="New meetings are found by the automatic sync.";function Xs(t,e=Date.now()){switch(t.status){case"off":return $t;case"unavailable":return`Not possible on this server: Fathom can\u2019t reach it, because it has no public https address, or its operator has turned this off. ${$t}`;case"refused":return`Fathom refused to create the webhook. Your plan or your role there may not include webhooks. ${$t}`;case"lost":return`Fathom didn\u2019t confirm the webhook, so a new one is requested after a sync. If Fathom\u2019s settings list one that you don\u2019t need, delete it there. ${$t}`;case"active":return Lc(t,e);default:return"The webhook is created after the next sync."}}function Lc({working:t,last_message_at:e},r){if(!e)return"The webhook is ready. No message has arrived yet.";let o=`The last message arrived ${Q(e,r)}.`;return t?`Works. ${o}`:`Fathom hasn\u2019t reported the newest meetings. ${o} ${$t}`}var Rc=["fathom.sync","fathom.webhook"];function Js({workspace:t,onReady:e}){let{preferences:r,db:o,jobs:n}=t,i=ne(r,"webhook",!0),[a,l]=g(null),{run:c,error:p}=k(async()=>l(await o.send("/api/fathom-webhook",{}))),u=r.get("webhook"),f=n.all.filter(({kind:y})=>Rc.includes(y)).map(({id:y,status:S})=>`${y} ${S}`).sort().join();w(()=>{c()},[u,f]);let h=!!(a||p);w(()=>{h&&e()},[h]);let $=i.error??p;return s`
		<div class="choices">
			<${de} label="Let Fathom report new meetings" checked=${i.value} disabled=${!i.loaded||a?.status==="unavailable"}
				onChange=${y=>i.save(y?void 0:!1)} />
			<p class="hint" role="status">${a&&Xs(a,M(a.last_message_at))}</p>
			${$&&s`<p class="error" role="alert">${b($)}</p>`}
		</div>`}function ei({workspace:{preferences:t,user:e}}){let r=ne(t,"my_emails",[e.email]),{error:o}=r;return s`
		<${ft} id="my-emails" label="My e-mail addresses at Fathom" entries=${r.value} disabled=${!r.loaded}
			hint="Rules for meetings “recorded by me” apply to these. Separate several by commas."
			error=${o?E(o,"value")||b(o):""}
			onSave=${n=>r.save(n.length?n:void 0)} />`}function Or({workspace:t,rule:e,onSaved:r,onCancel:o}){let{db:n}=t,i=n.collection("rules"),a=z(null),[l,c]=g(e?.deliver!==!1),p=l&&!!(t.loom||e?.options),[u,f]=g(null),h=()=>new FormData(a.current),{run:$,busy:y,error:S}=k(async()=>{let Y=h(),pe={name:String(Y.get("rule-name")).trim(),conditions:Dr(Y),deliver:l,options:jo(Y)};r(await(e?i.update(e.id,pe):i.create({...pe,enabled:!0})))}),{run:x,busy:v,error:L}=k(async()=>{f(null),f(await n.send("/api/rules/test",{method:"POST",body:{conditions:Dr(h())}}))}),_=Y=>{Y.preventDefault(),$()},ie=e?.conditions??{},ue=S??L;return s`
		<form class="rule-form" ref=${a} onSubmit=${_}>
			<${C} id="rule-name" label="Name" required maxlength="100" defaultValue=${e?.name??""} />
			<label class="check-box"><input type="checkbox" name="recorded_by_me" defaultChecked=${ie.recorded_by_me} /> Recorded by me</label>
			${Object.entries(Gt).map(([Y,pe])=>s`
				<${C} key=${Y} id=${Y} label=${pe} autocomplete="off"
					defaultValue=${(ie[Y]??[]).join(", ")} hint="Separate several by commas; one of them is enough." />`)}
			<div class="field">
				<label for="external">People from outside</label>
				<select id="external" name="external">
					<option value="any">Doesn’t matter</option>
					<option value="only" selected=${ie.external==="only"}>Took part</option>
					<option value="none" selected=${ie.external==="none"}>Did not take part</option>
				</select>
			</div>
			<${C} id="min_minutes" label="Minutes, at least" type="number" min="0" max="1440" defaultValue=${ie.min_minutes??""} />
			<div class="field">
				<label for="deliver">What to do</label>
				<select id="deliver" value=${String(l)} onChange=${Y=>c(Y.currentTarget.value==="true")}>
					<option value="true">Upload to Loom</option>
					<option value="false">Only keep a copy here</option>
				</select>
			</div>
			${p&&s`
				<${Ft} id="visibility" label="Who can watch it at Loom" initial=${e?.options?.visibility} usual="As chosen for all uploads" />
				<${It} workspace=${t} id="folder" label="Folder at Loom" initial=${e?.options?.folder} usual="As chosen for all uploads" />`}
			${ue&&s`<${m}>${b(ue)}</${m}>`}
			<div class="actions">
				<${d} type="submit" busy=${y}>Save rule</${d}>
				<${d} kind="quiet" busy=${v} onClick=${x}>Show matching meetings</${d}>
				<${d} kind="quiet" onClick=${o}>Cancel</${d}>
			</div>
			${u&&s`<${Pc} test=${u} />`}
		</form>`}function Pc({test:{matched:t,meetings:e}}){let r=e??[];return s`
		<div role="status">
			<p>${T(t,"meeting matches","meetings match")}. The rule applies to meetings that are added from now on.</p>
			<ul class="notices">${r.map(({meeting:o,title:n,recorded_at:i})=>s`
				<li key=${o}><a dir="auto" href=${K(o)}>${n||"Untitled meeting"}</a> <span class="muted">${ae(i)}</span></li>`)}</ul>
			${t>r.length&&s`<p class="muted">The newest ${r.length} are shown.</p>`}
		</div>`}function ti({workspace:t}){let{db:e,streams:r}=t,o=e.collection("rules"),n=re(()=>new He(r.database,"rules",()=>o.getFullList({sort:"created,id"})),[]),[i,a]=g(null);w(()=>(n.start(),()=>n.stop()),[n]);let l=p=>{n.put(p),a(null)},c=[...n.records.value.values()].sort((p,u)=>p.created.localeCompare(u.created));return s`
		<section class="card" aria-labelledby="rules-heading">
			<div class="card-head"><h2 id="rules-heading">Automatic copies</h2></div>
			<p>New meetings that match a rule are copied without a click. The first rule that matches decides.</p>
			${n.error.value&&s`<${m}>${n.error.value}</${m}>`}
			${c.length>0&&s`
				<ul class="rules">
					${c.map(p=>s`
						<li key=${p.id}>
							${i===p.id?s`<${Or} workspace=${t} rule=${p} onSaved=${l} onCancel=${()=>a(null)} />`:s`<${Ec} workspace=${t} rules=${n} collection=${o} rule=${p} onEdit=${()=>a(p.id)} />`}
						</li>`)}
				</ul>`}
			${i===""?s`<${Or} workspace=${t} onSaved=${l} onCancel=${()=>a(null)} />`:s`<${d} kind="quiet" disabled=${!n.loaded.value} onClick=${()=>a("")}>Add rule</${d}>`}
			<${ei} workspace=${t} />
		</section>`}function Ec({workspace:t,rules:e,collection:r,rule:o,onEdit:n}){let i=Qo(t,!!(o.deliver&&o.options?.folder)),{run:a,busy:l,error:c}=k(async()=>e.put(await r.update(o.id,{enabled:!o.enabled}))),p=async()=>{await r.delete(o.id),e.remove(o.id)};return s`
		<p><strong>${o.name}</strong>${!o.enabled&&" (off)"}</p>
		<p class="muted">${vs(o.conditions)} → ${o.deliver?`upload to Loom${Wo(o.options,u=>i.nameOf(u))}`:"only keep a copy here"}</p>
		${o.matched>0&&s`<p class="muted">${T(o.matched,"meeting")} copied.</p>`}
		${c&&s`<${m}>${b(c)}</${m}>`}
		<div class="actions">
			<${d} kind="quiet" busy=${l} aria-label=${`${o.enabled?"Turn off":"Turn on"}: ${o.name}`} onClick=${a}>${o.enabled?"Turn off":"Turn on"}</${d}>
			<${d} kind="quiet" aria-label=${`Edit: ${o.name}`} onClick=${n}>Edit</${d}>
			<${R} label="Delete rule" subject=${o.name} question=${`Delete the rule \u201C${o.name}\u201D? What it has copied is kept.`} action=${p} />
		</div>`}function ri({workspace:t}){let[e,r]=g(!1);return s`
		<section class="card" aria-labelledby="new-meetings-heading">
			<h2 id="new-meetings-heading">New meetings</h2>
			${t.fathom?s`<${Ks} workspace=${t} /><${Js} workspace=${t} onReady=${()=>r(!0)} />`:s`<p>Save your Fathom API key first. <a href=${Z("fathom")}>Connect Fathom</a></p>`}
		</section>
		${t.fathom&&e&&s`<${ti} workspace=${t} />`}`}var qr={"transfer.failed":"A copy or an upload fails","transfer.refetch_failed":"A file could not be fetched again","transfer.your_turn":"A recording is ready for Loom","link.mismatch":"A Loom link leads to another video","sync.failed":"A sync fails","key.refused":"Fathom refuses the key","schedule.stopped":"A schedule stops","webhook.lost":"Fathom\u2019s webhook is lost","connection.failed":"The mail server or the connection to Loom stops working",digest:"The weekly summary"};function oi({workspace:t}){let[e]=g(Ic);return s`<${Xt} workspace=${t} provider="webhook" id="webhook" title="Webhook"
		purpose="Programs of yours can receive notifications as signed messages (Standard Webhooks)."
		summary=${r=>`Sends to ${r.url}.`}
		fields=${(r,o)=>Dc(r,o?"":e)} read=${Fc} />`}function Dc(t,e){let r=t.events?.length?t.events:Object.keys(qr);return s`
		<${C} id="webhook-url" label="Address" type="url" defaultValue=${t.url??""} placeholder="https://hooks.example.com/" required autocomplete="off" spellcheck=${!1} />
		<${C} id="webhook-secret" label="Signing secret" defaultValue=${e} required=${!!e} autocomplete="off" spellcheck=${!1}
			hint=${e?"Copy it to the receiver now; it is not shown again.":"Leave it blank to keep the saved one."} />
		<fieldset class="choices">
			<legend>Events</legend>
			${Object.entries(qr).map(([o,n])=>s`
				<label class="check-box" key=${o}><input type="checkbox" name="webhook-event" value=${o} defaultChecked=${r.includes(o)} /> ${n}</label>`)}
		</fieldset>`}function Fc(t){let e=String(t.get("webhook-secret")??"").trim(),r=t.getAll("webhook-event").map(String);return{settings:{url:String(t.get("webhook-url")??"").trim(),events:r.length===Object.keys(qr).length?[]:r},...e&&{secret:e}}}function Ic(){return`whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`}function ni({workspace:t}){let{run:e,busy:r,error:o}=k(async()=>{let{path:n}=await t.db.send("/api/export",{method:"POST"});Ve(t.db.buildURL(n))});return s`
		<section class="card" aria-labelledby="export-heading">
			<h2 id="export-heading">Export your data</h2>
			<p>Download a zip archive with your database and all videos. PocketBase or any SQLite browser can open it. Your
			Fathom API key is not included.</p>
			<${d} kind="quiet" busy=${r} onClick=${e}><${ke} />Export data</${d}>
			${o&&s`<${m}>${b(o)}</${m}>`}
		</section>`}function si({workspace:t}){let[e,r]=g(!1),{deleteGrace:o}=V.value;return s`
		<section class="card" aria-labelledby="delete-heading">
			<h2 id="delete-heading">Delete your account</h2>
			<p>Deletes your account and all meetings and videos stored here. Nothing is deleted at Fathom or Loom.
			${o>=86400&&` The operator of this server can restore your account for ${yt(o)}.`}</p>
			${e?s`<${Bc} email=${t.user.email} onCancel=${()=>r(!1)} />`:s`<${d} kind="quiet" onClick=${()=>r(!0)}>Delete account</${d}>`}
		</section>`}function Bc({email:t,onCancel:e}){let[r,o]=g(""),{run:n,busy:i,error:a}=k(Po);return s`
		<form class="confirm" onSubmit=${c=>{if(c.preventDefault(),String(new FormData(c.currentTarget).get("confirm-email")).trim().toLowerCase()!==t.toLowerCase())return o("This is not the e-mail address of your account.");o(""),n()}}>
			<${C} id="confirm-email" label="Type your e-mail address to confirm" inputmode="email" autocomplete="off" spellcheck=${!1} required
				error=${r} onInput=${()=>o("")} />
			<div class="actions">
				<${d} type="submit" kind="danger" busy=${i}>Delete everything</${d}>
				<${d} kind="quiet" onClick=${e}>Cancel</${d}>
			</div>
			${a&&s`<${m}>${b(a)}</${m}>`}
		</form>`}var ii={fathom:{title:"Fathom",content:t=>s`<${xs} workspace=${t} />`},loom:{title:"Loom",content:t=>s`<${Rs} workspace=${t} /><${Ts} workspace=${t} />`},automation:{title:"Automation",content:t=>s`<${ri} workspace=${t} />`},notifications:{title:"Notifications",content:t=>s`<${Fs} workspace=${t} /><${Ps} workspace=${t} /><${oi} workspace=${t} /><${Is} workspace=${t} />`},storage:{title:"Storage",content:t=>s`<${Ys} workspace=${t} />`},security:{title:"Security",content:t=>s`<${Us} workspace=${t} />`},tokens:{title:"API and assistants",content:()=>s`<${$s} /><${bs} />`},data:{title:"Your data",content:t=>s`<${ni} workspace=${t} /><${si} workspace=${t} />`},appearance:{title:"Appearance",content:()=>s`<${gs} />`}};function Oc({workspace:t,section:e}){let{title:r,content:o}=ii[e],{connections:n}=t,i=z(null);return w(()=>{let a=i.current?.querySelector("[aria-current]");i.current&&a&&(i.current.scrollLeft=a.offsetLeft-(i.current.clientWidth-a.clientWidth)/2)},[e]),s`
		<div class="page settings">
			<nav aria-label="Settings" ref=${i}>
				${Object.entries(ii).map(([a,{title:l}])=>s`
					<a key=${a} href=${Z(a)} aria-current=${a===e?"page":void 0}>${l}</a>`)}
			</nav>
			<div class="settings-section" key=${e}>
				<${H} title=${r} />
				${n.error.value&&s`<${m}>${n.error.value}</${m}>`}
				${n.loaded.value?o(t):s`<${q} label="Loading settings" />`}
			</div>
		</div>`}var Mr={videos:25,minutes:5},Nr=t=>t.reduce((e,{size:r})=>e+r,0),ai=t=>`${T(t.length,"file")} (${U(Nr(t))})`;function li(t,{isRest:e,isAgain:r,intoFolder:o}){let n=o?"Save":"Download",i=o?" to a folder":"";return r?`${n} ${ai(t)}${i} again`:`${n} ${e?"the other ":""}${ai(t)}${e?"":i}`}function ci(t,e,r){if(!t)return r?"None saved yet.":"None downloaded yet.";let o=t===e&&e>1?`All ${T(e,"file")}`:`${t} of ${T(e,"file")}`;return r?`${o} saved.`:`${t} of ${T(e,"download")} started. Your browser shows when ${e===1?"it has":"they have"} finished.`}function Jt(t,e){return[t>0&&`${t} delivered`,e>0&&`${e} to look at`].filter(Boolean).join(", ")||"No links yet"}function di(t){let e=t.filter(({duration:o})=>o>Mr.minutes*60).length,r=e?e===t.length?e===1?" This one is longer.":" All of these are longer.":` ${e} of these ${e===1?"is":"are"} longer.`:"";return`Loom\u2019s Starter plan holds ${Mr.videos} videos of up to ${Mr.minutes} minutes each.${r}`}function zr({desk:t}){let e=t.delivered.value.filter(({recording:o})=>o);if(!e.length)return null;let r=`Delete the ${e.length===1?"copy":T(e.length,"copy","copies")} here (${U(Nr(e))})`;return s`
		<${R} label=${r} confirmLabel="Delete" action=${()=>t.deleteCopies()} done="The copies here were deleted."
			question=${`${r}? The videos on Loom are kept, and so are the summaries and transcripts.`} />`}var qc=25,Mc={saved:Ne,started:ke},Nc=_e({status:"delivered"},void 0);function er({desk:t,onDownload:e}){let[r,o]=g(!1),n=t.items.value,i=r?n:n.slice(0,qc);return s`
		<ul class="desk-files">
			${i.map(a=>s`<${zc} key=${a.id} desk=${t} item=${a} onDownload=${e} />`)}
		</ul>
		${i.length<n.length&&s`<${d} kind="quiet" onClick=${()=>o(!0)}>Show all ${T(n.length,"file")}</${d}>`}`}function zc({desk:t,item:e,onDownload:r}){let o=t.saved.stateOf(e),n=t.saving.files.value.get(e.id);return s`
		<li class="desk-file">
			<span class=${`desk-tick ${o}`} aria-hidden="true">${o&&s`<${Mc[o]} />`}</span>
			<div class="desk-name">
				<a dir="auto" href=${K(e.meeting)}>${e.title}</a>
				<p class="file-name" dir="auto">${e.fileName}</p>
				${e.note&&s`<p class="muted">${e.note}</p>`}
				${n?.error&&s`<p class="error">${n.error}</p>`}
			</div>
			<div class="desk-side">
				<p class="muted">${[Ue(e.duration),U(e.size)].filter(Boolean).join(" \xB7 ")}</p>
				<${Uc} item=${e} state=${o} progress=${n} onDownload=${r} />
			</div>
		</li>`}function Uc({item:t,state:e,progress:r,onDownload:o}){if(t.isDelivered)return s`<${Dt} state=${Nc} />`;if(!t.recording)return s`<p class="muted">The copy here was deleted</p>`;switch(r?.state){case"waiting":return s`<p class="muted">Waiting</p>`;case"saving":{let n=t.size?r.bytes/t.size:0;return s`<progress aria-label=${`Saving ${t.fileName}`} max="1" value=${n} /><p class="muted">${vt(n)}</p>`}default:{let n=r?"Not saved":{saved:"Saved",started:"Download started","":""}[e];return s`
				${n&&s`<p class=${`desk-word ${r?"error":""}`}>${n}</p>`}
				${o&&s`<${d} kind="link" aria-label=${`${e?"Download again":"Download"}: ${t.title}`} onClick=${()=>o(t)}>${e?"Download again":"Download"}</${d}>`}`}}}var ui=()=>"showDirectoryPicker"in globalThis;async function pi(){try{return await globalThis.showDirectoryPicker({id:"fathom-to-loom",mode:"readwrite",startIn:"downloads"})}catch(t){if(t?.name==="AbortError")return null;throw t}}async function mi(t,{name:e,size:r},o,{signal:n,onBytes:i}){let a=await jc(t,e);if(a===r)return;if(a)throw new Error(`Another file named \u201C${e}\u201D is in this folder. Move it away, or choose another folder.`);n.throwIfAborted();let l=await o(),c=!1;try{let p=await t.getFileHandle(e,{create:!0}),u=await p.createWritable();await l.pipeThrough(Wc(i)).pipeTo(u,{signal:n});let f=(await p.getFile()).size;if(f!==r)throw new Error(`Only ${f} of ${r} bytes of \u201C${e}\u201D arrived. Try again.`);c=!0}finally{c||(l.cancel().catch(()=>{}),await t.removeEntry(e).catch(()=>{}))}}async function jc(t,e){try{return(await(await t.getFileHandle(e)).getFile()).size}catch(r){switch(r?.name){case"NotFoundError":return 0;case"TypeError":throw new Error(`Your browser doesn\u2019t allow the file name \u201C${e}\u201D. Download the file on the page of its meeting.`,{cause:r});default:throw r}}}function Wc(t){let e=0;return new TransformStream({transform(r,o){e+=r.byteLength,t(e),o.enqueue(r)}})}var hi=t=>["TypeError","NetworkError","QuotaExceededError"].includes(t?.name)||t?.status===0||Ur(t),Ur=t=>["NotAllowedError","SecurityError","NotFoundError"].includes(t?.name);function jr(t){switch(t?.name){case"TypeError":case"NetworkError":return"The connection to the server was lost. What is saved stays; save the others when you are online again.";case"QuotaExceededError":return"The disk is full. Make room, then save the others.";case"NotAllowedError":case"SecurityError":return"Your browser doesn\u2019t allow writing to this folder. Choose another one.";case"NotFoundError":return"The folder is no longer there. Choose another one.";default:return""}}var se=({number:t,title:e,children:r})=>s`
	<section class="card desk-step" aria-labelledby=${`step-${t}`}>
		<h2 id=${`step-${t}`}><span class="desk-number" aria-hidden="true">${t}</span>${e}</h2>
		${r}
	</section>`;function fi({desk:t}){let{saving:e,saved:r}=t,o=ui(),n=t.waiting.value.filter(({recording:h})=>h),i=n.filter(h=>!r.stateOf(h)),a=i.length>0&&i.length<n.length,{run:l,error:c}=k(async(h,$)=>{if(!o)return e.download(h);let y=$??await pi();y&&await e.saveIn(y,h)}),p=e.running.value,u=i.length?i:n,f=a?e.folder:null;return s`
		<${se} number=${1} title="Get the files">
			<p class="muted">${o?"They are written to a folder that you choose. What is in it already is not fetched again.":"Your browser downloads them one after another. It may ask whether this page may download several files."}</p>
			${n.length>0&&s`
				<div class="actions">
					<${d} kind=${i.length?"primary":"quiet"} busy=${p} onClick=${()=>l(u,f)}>
						<${ke} />${p?o?"Saving\u2026":"Starting downloads\u2026":li(u,{isRest:a,isAgain:!i.length,intoFolder:o})}
					</${d}>
					${p&&s`<${d} kind="quiet" onClick=${()=>e.cancel()}>Cancel</${d}>`}
					${!p&&f&&s`<${d} kind="quiet" onClick=${()=>l(u,null)}>Choose another folder</${d}>`}
				</div>`}
			<div class="desk-status">
				${p?s`<${Hc} desk=${t} />`:s`<p class=${i.length<n.length?"":"muted"}>${n.length>0&&ci(n.length-i.length,n.length,o)}</p>`}
			</div>
			${e.problem.value&&s`<${m}>${e.problem.value}</${m}>`}
			${c&&s`<${m}>${b(c)}</${m}>`}
			<${er} desk=${t} onDownload=${o?void 0:h=>l([h],null)} />
		</${se}>`}function Hc({desk:{saving:t}}){let{files:e,...r}=t.total.value,o=[...t.files.value.values()].filter(({state:n})=>n!=="failed").length;return s`
		<div class="transfer-progress">
			<progress aria-label="All files" max="1" value=${r.total?r.done/r.total:0} />
			<p class="muted">${e-o} of ${T(e,"file")} · ${Mo(r,t.rate(Oo()))}</p>
		</div>`}var Yc=["validation_link_private","validation_link_unreachable","validation_link_no_meeting"],$i=({found:t,code:e})=>!!t||Yc.includes(e),Wr=({code:t})=>t==="validation_link_private"||t==="validation_link_unreachable",tr=class{open=B([]);busy=B(0);#t;#r;constructor(e,r){this.#t=e,this.#r=r}async find(e){this.busy.value++;try{let{matched:r,doubtful:o,unknown:n}=await this.#t.send("/api/share-links",{method:"POST",body:{text:e}});for(let{transfer:a,url:l}of r)this.#r(a,l);let i=new Set([r,o,n].flat().map(({url:a})=>a));return this.open.value=[...this.open.value.filter(({url:a})=>!i.has(a)),...o.map(a=>({...a,code:"",message:""})),...n.map(a=>({...a,candidates:[]}))],r}finally{this.busy.value--}}async assign(e,r){await this.#t.collection("transfers").update(r,{share_url:e,confirmed:!0}),this.#r(r,e),this.dismiss(e)}dismiss(e){this.open.value=this.open.value.filter(r=>r.url!==e)}};function gi({desk:t,link:e}){let{links:r}=t,o=t.waiting.value,{run:n,busy:i,error:a}=k(u=>r.assign(e.url,u),"Link saved. The video is on Loom."),l=k(()=>r.find(e.url)),c=e.candidates.filter(({transfer:u})=>o.some(({id:f})=>f===u)),p=o.filter(({id:u})=>!c.some(({transfer:f})=>f===u));return s`
		<li class="open-link">
			<${Qc} url=${e.url} />
			${e.found?s`
					<div class="pair">
						<div>
							<p class="hint">At Loom</p>
							<p dir="auto">${Hr(e.found.title||"Untitled",e.found.duration)}</p>
						</div>
						<div>
							<p class="hint">Here</p>
							<ul>${c.map(({transfer:u,title:f,recorded_at:h,duration:$,agrees:y})=>s`
								<${Vc} key=${u} choice=${{transfer:u,title:f,recordedAt:h,duration:$,agrees:y}} busy=${i} onChoose=${()=>n(u)} />`)}</ul>
						</div>
					</div>`:s`<p>${e.message}</p>`}
			${$i(e)&&p.length>0&&s`<${Zc} id=${e.url.slice(-32)} items=${p} isFirst=${!c.length} label=${Wr(e)?"Save without a check":"It\u2019s this one"}
				busy=${i} onChoose=${n} />`}
			${(a||l.error)&&s`<${m}>${b(a||l.error)}</${m}>`}
			<div class="actions">
				${Wr(e)&&s`<${d} kind="quiet small" busy=${l.busy} onClick=${l.run}>${l.busy?"Asking Loom\u2026":"Check again"}</${d}>`}
				<${d} kind="quiet small" onClick=${()=>r.dismiss(e.url)}>Remove this link</${d}>
			</div>
		</li>`}function Vc({choice:t,busy:e,onChoose:r}){let{title:o,recordedAt:n,duration:i,agrees:a}=t,l=`${ae(n)}, ${ye(n)}`;return s`
		<li>
			<div>
				<p dir="auto">${Hr(o||"Untitled meeting",i)}</p>
				<p class="hint">${[l,Gc(a??[])].filter(Boolean).join(" \xB7 ")}</p>
			</div>
			<${d} kind="quiet small" busy=${e} aria-label=${`It\u2019s this one: ${o}, ${l}`} onClick=${r}>It’s this one</${d}>
		</li>`}function Zc({id:t,items:e,isFirst:r,label:o,busy:n,onChoose:i}){let[a,l]=g(""),c=`meeting-of-${t}`;return s`
		<div class="desk-others">
			<label for=${c}>${r?"Its meeting":"Another meeting"}</label>
			<div>
				<select id=${c} value=${a} onChange=${p=>l(p.currentTarget.value)}>
					<option value="">Choose a meeting</option>
					${e.map(({id:p,title:u,recordedAt:f,duration:h})=>s`<option key=${p} value=${p}>${`${Hr(u,h)} \xB7 ${ae(f)}`}</option>`)}
				</select>
				<${d} kind="quiet small" busy=${n} disabled=${!a} onClick=${()=>i(a)}>${o}</${d}>
			</div>
		</div>`}function Qc({url:t}){let e=X(t);return s`<p class="url">${e?s`<${I} href=${e}>${t}</${I}>`:t}</p>`}var Hr=(t,e)=>[t,Ue(e)].filter(Boolean).join(" \xB7 ");function Gc(t){return t.length===2?"title and length agree":t.length?`only the ${t[0]} agrees`:""}var Yr=5;function Vr({desk:t,children:e}){let{links:r}=t,o=z(null),n=z(null),[i,a]=g(null),l=async f=>{try{let h=await r.find(f);o.current?.value===f&&(o.current.value=""),h.length&&rt(`${T(h.length,"link")} saved.`),a({matched:h,error:null})}catch(h){o.current&&(o.current.value=f),a({matched:[],error:h})}};w(()=>{i?.error?o.current?.select():i&&n.current?.focus()},[i]),w(()=>{let f=h=>{let $=h.clipboardData?.getData("text/plain").trim();!$||h.target.closest?.("input, textarea, select, [contenteditable]")||(h.preventDefault(),l($))};return document.addEventListener("paste",f),()=>document.removeEventListener("paste",f)},[]);let c=f=>{f.preventDefault(),o.current&&l(o.current.value)},p=r.busy.value>0,u=i?.error?b(i.error):"";return s`
		<${se} number=${3} title="Paste the links">
			<form class="desk-form" onSubmit=${c}>
				<label for="share-links">Loom links, any number in any order</label>
				<textarea id="share-links" name="share-links" ref=${o} rows="3" required spellcheck=${!1} placeholder="https://www.loom.com/share/…"
					aria-invalid=${u?"true":void 0} aria-describedby=${u?"share-links-error":"share-links-hint"}
					onPaste=${()=>setTimeout(()=>o.current?.value&&l(o.current.value))} />
				${u&&s`<p class="error" id="share-links-error" role="alert">${u}</p>`}
				<p class="hint" id="share-links-hint">You can also paste anywhere on this page. Each link finds its meeting by title and length.</p>
				<${d} type="submit" kind="quiet" busy=${p}>${p?"Asking Loom\u2026":"Find their meetings"}</${d}>
			</form>
			<${Kc} desk=${t} matched=${i?.matched??[]} heading=${n} isShown=${!!(i&&!i.error)} />
			${e}
		</${se}>`}function Kc({desk:t,matched:e,heading:r,isShown:o}){let n=t.links.open.value,i=t.delivered.value.length;return!o&&!n.length&&!i?null:s`
		<div class="desk-result">
			<h3 tabindex="-1" ref=${r}>${Jt(i,n.length)}</h3>
			${e.length>0&&s`<p>On Loom now: ${e.slice(0,Yr).map(({transfer:a,meeting:l,title:c},p)=>s`${p>0&&", "}<a key=${a} dir="auto" href=${K(l)}>${c||"Untitled meeting"}</a>`)}${e.length>Yr&&` and ${e.length-Yr} more`}.</p>`}
			${n.length>0&&s`<ul class="open-links">${n.map(a=>s`<${gi} key=${a.url} desk=${t} link=${a} />`)}</ul>`}
		</div>`}function ki({desk:t}){let e=t.waiting.value,r=e.length===1,o=e.every(n=>t.saved.stateOf(n));return s`
		<${se} number=${2} title="Drop them at Loom">
			<p>In your Loom library, select <strong>New video</strong>, then <strong>Upload a video</strong>, and choose the ${r?"file":"files"}${" "}
				listed in step 1. Keep ${r?"its name":"their names"}: the ${r?"link finds its meeting":"links find their meetings"} by ${r?"it":"them"}.</p>
			<${I} class=${`button ${o?"primary":"quiet"}`} href=${V.value.loomUploadURL}>Open Loom</${I}>
			<p class="muted">${di(e)} Anyone with the link must be able to view a video: otherwise this server can’t check it.</p>
		</${se}>`}var Xc=1e3,Jc=100,ed="The copy is no longer here. Open the meeting and copy it again.",rr=class{files=B(new Map);running=B(!1);problem=B("");total=B({done:0,total:0,files:0});#t;#r;#e=new AbortController;#o=null;#n=[];constructor(e,r){this.#t=e,this.#r=r}get folder(){return this.#o}rate(e){return Co(this.#n,e)}cancel(){this.#e.abort()}async saveIn(e,r){this.#o=e,await this.#s(r,"All files are saved.",async o=>{let{signal:n}=this.#e,i=this.total.value.done,a=0;await mi(e,{name:o.fileName,size:o.size},()=>this.#i(o,n),{signal:n,onBytes:l=>{let c=Date.now();c-a<Jc||(a=c,this.#a(o,{state:"saving",bytes:l,error:""}),this.#l(i+l))}}),this.#l(i+o.size),this.#t.add(o,"saved")})}async download(e){await this.#s(e,"All downloads have started.",async(r,o)=>{Ve(await this.#r(r,{download:!0,proxy:!1}),r.fileName),this.#t.add(r,"started"),this.#l(this.total.value.done+r.size),o||await td(Xc,this.#e.signal)})}async#s(e,r,o){if(this.running.value)return;this.#e=new AbortController,this.#n=[],this.running.value=!0,this.problem.value="",this.files.value=new Map(e.map(({id:i})=>[i,{state:"waiting",bytes:0,error:""}])),this.total.value={done:0,total:e.reduce((i,{size:a})=>i+a,0),files:e.length};let n=0;addEventListener("beforeunload",bi);try{for(let[i,a]of e.entries()){this.#e.signal.throwIfAborted(),this.#a(a,{state:"saving",bytes:0,error:""});try{await o(a,i===e.length-1),this.#a(a,void 0)}catch(l){if(this.#e.signal.aborted||hi(l))throw l;this.#a(a,{state:"failed",bytes:0,error:jr(l)||F(l)}),n++}}rt(n?`${T(n,"file")} could not be saved.`:r)}catch(i){Ur(i)&&(this.#o=null),this.problem.value=this.#e.signal.aborted?"":jr(i)||F(i),this.#e.signal.aborted&&rt("Saving was cancelled.")}finally{this.files.value=new Map([...this.files.value].filter(([,{state:i}])=>i==="failed")),this.running.value=!1,removeEventListener("beforeunload",bi)}}async#i(e,r){let o=await fetch(await this.#r(e,{download:!1,proxy:!0}),{signal:r});if(o.status===404)throw new Error(ed);if(!o.ok||!o.body)throw new Error("The server could not send this file. Try again.");return o.body}#a({id:e},r){let o=new Map(this.files.value);r?o.set(e,r):o.delete(e),this.files.value=o}#l(e){let r=Date.now();this.#n=To(this.#n,{at:r,bytes:e,seen:r}),this.total.value={...this.total.value,done:e}}},bi=t=>t.preventDefault(),td=(t,e)=>new Promise((r,o)=>{let n=setTimeout(r,t);e.addEventListener("abort",()=>{clearTimeout(n),o(e.reason)},{once:!0})});var rd=200,od=50,nd="meeting.recordings_via_meeting",sd=["id","file","size","collectionId","collectionName"].map(t=>`expand.meeting.expand.recordings_via_meeting.${t}`),id=["id","recording_id","meeting","file_name","bytes_total","note","updated","expand.meeting.title","expand.meeting.recorded_at","expand.meeting.duration",...sd].join(),or=class{loaded=B(!1);error=B("");#t;#r;#e=B(new Map);#o=B(new Set);#n=null;constructor({db:e,waiting:r}){this.#t=e,this.#r=r,this.saved=new so(e.name),this.saving=new rr(this.saved,(o,n)=>Yt(e,o.recording,n)),this.links=new tr(e,o=>this.#i(o)),r.onDelivered=({id:o})=>this.#i(o),this.items=tt(()=>{let o=new Set(r.items.value.map(({id:n})=>n));return[...this.#e.value.values()].map(n=>({...n,isDelivered:this.#o.value.has(n.id)})).filter(({id:n,isDelivered:i})=>i||o.has(n)).sort((n,i)=>i.recordedAt.localeCompare(n.recordedAt))}),this.waiting=tt(()=>this.items.value.filter(({isDelivered:o})=>!o)),this.delivered=tt(()=>this.items.value.filter(({isDelivered:o})=>o)),this.missing=tt(()=>r.items.value.filter(({id:o,updated:n})=>(this.#e.value.get(o)?.updated??"")<n).map(({id:o})=>o))}stop(){this.saving.cancel(),this.#r.onDelivered=()=>{}}async load(){this.#n??=this.#s().finally(()=>{this.#n=null}),await this.#n}async#s(){this.error.value="";let e=this.missing.value;try{let r=e.length>od?Ao:e.map(n=>this.#t.filter("id = {:id}",{id:n})).join(" || "),o=e.length?await wo(this.#t.collection("transfers"),rd,{filter:r,expand:nd,fields:id}):[];this.#e.value=new Map([...this.#e.value,...o.map(n=>[n.id,ad(n)])]),this.#o.value=new Set([...this.#o.value].filter(n=>!e.includes(n))),this.saved.keepOnly(this.items.value.map(({recordingID:n})=>n)),this.loaded.value=!0}catch(r){this.error.value=F(r)}}async deleteCopies(){for(let{id:e,recording:r}of this.delivered.value){if(!r)continue;try{await this.#t.collection("recordings").delete(r.id)}catch(n){if(oe(n)!==404)throw n}let o=this.#e.value.get(e);o&&(this.#e.value=new Map(this.#e.value).set(e,{...o,recording:null}))}}#i(e){this.#e.value.has(e)&&(this.#o.value=new Set(this.#o.value).add(e))}};function ad({id:t,recording_id:e,meeting:r,file_name:o,bytes_total:n,note:i,updated:a,expand:{meeting:{title:l,recorded_at:c,duration:p,expand:u}}}){let f=u?.recordings_via_meeting?.find(({file:h})=>h)??null;return{id:t,recordingID:e,meeting:r,title:l||"Untitled meeting",recordedAt:c,duration:p,fileName:o,size:f?.size??n,note:i,updated:a,recording:f}}function ld({workspace:t}){t.desk??=new or(t);let{desk:e,waiting:r,connections:o}=t,n=e.missing.value.length;w(()=>{r.loaded.value&&(n>0||!e.loaded.value)&&e.load()},[r.loaded.value,n]);let i=r.loaded.value&&e.loaded.value&&o.loaded.value,a=r.error.value||e.error.value||o.error.value;return s`
		<div class="page">
			<${H} title="To upload" />
			${a&&s`<${m}>${a} <${d} kind="link" onClick=${()=>{r.reload(),o.reload(),e.load()}}>Try again</${d}></${m}>`}
			${!i&&!a&&s`<${q} label="Loading what waits" />`}
			${i&&s`<${cd} workspace=${t} desk=${e} />`}
		</div>`}function cd({workspace:t,desk:e}){return me(t.loom)?s`<${ud} workspace=${t} desk=${e} />`:!e.items.value.length&&!e.links.open.value.length?s`<${yi} />`:s`
		<p class="lead">These meetings are copied, and it’s your turn: upload their files to Loom, and paste the links that Loom gives you.</p>
		<div class="desk">
			<${fi} desk=${e} />
			<div class="desk-rest">
				<${ki} desk=${e} />
				${St(t.loomReader)?s`<${dd} desk=${e} />`:s`<${Vr} desk=${e}><${zr} desk=${e} /></${Vr}>`}
			</div>
		</div>`}function dd({desk:t}){let e=t.delivered.value.length;return s`
		<${se} number=${3} title="Nothing to paste">
			<p>This server asks Loom for your new videos and finds their meetings by title and length. If it has doubts about one, it says so in the list, and you
				paste the link on the page of the meeting.</p>
			${e>0&&s`<h3>${Jt(e,0)}</h3>`}
			<${zr} desk=${t} />
		</${se}>`}var ud=({workspace:t,desk:e})=>s`
	<p class="lead">This server uploads your recordings to Loom. What waits for you has its steps on the page of its meeting.</p>
	<${Kt} workspace=${t} id="waiting" />
	${e.items.value.length?s`<section class="card desk-step" aria-label="Recordings"><${er} desk=${e} /></section>`:s`<${yi} />`}`,yi=()=>s`
	<section class="empty">
		<h2>Nothing to upload</h2>
		<p>When a copy is ready for you to upload to Loom, it appears here.</p>
		<a class="button quiet" href=${O("/")}>Show meetings</a>
	</section>`;function pd({token:t}){let[e,r]=g(!1),o=Se(t,"email"),{run:n,error:i}=k(async()=>{await un(t),r(!0)});return w(()=>{o&&n()},[]),o?e?s`
			<${j} key="done" title="Your address is confirmed">
				<p>Thank you. <strong>${o}</strong> is yours.</p>
				<p><a class="button primary" href=${O("/")}>Continue</a></p>
			</${j}>`:s`
		<${j} title="Confirm your address">
			${!i&&s`<${q} label=${`Confirming ${o}`} />`}
			${we(i)&&s`<${m}>${we(i)}</${m}><${Ye} email=${o} label="Send another link" />`}
			${i&&!we(i)&&s`<${m}>${F(i)} <${d} kind="link" onClick=${n}>Try again</${d}></${m}>`}
		</${j}>`:s`<${j} title="Confirm your address"><${m}>This link is incomplete. Open it again from the message, or copy all of it.</${m}></${j}>`}export{Bi as ActivityPage,Ui as AtlassianCallbackPage,ji as AuthorizePage,Yi as ConfirmEmailPage,Vi as ForgotPasswordPage,Qi as HelpPage,xl as MeetingPage,Al as ResetPasswordPage,Rl as SearchPage,Oc as SettingsPage,ld as UploadPage,pd as VerifyEmailPage};
