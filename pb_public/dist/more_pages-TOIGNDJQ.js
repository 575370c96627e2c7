import{$ as Ve,$b as To,Aa as gt,Ab as St,Ba as Vr,Bb as Tt,C as ne,Ca as Yr,D as L,Da as Zr,E as q,Ea as Qr,Eb as mo,F as b,Fa as Gr,Fb as ho,G as Lr,Ga as Kr,Gb as fo,H as Vt,Ha as kt,Hb as $o,I as pe,Ia as Be,Ib as go,J as Er,Ja as bt,Jb as Ct,K as me,Ka as Xr,Kb as Ge,L as Ie,La as qe,Lb as ko,Ma as yt,N as H,Na as Ze,Nb as bo,O as Fr,Oa as Qe,Ob as Q,P as De,Pa as xe,Pb as yo,Q as Ir,Qa as Gt,Qb as wo,R as mt,Ra as Jr,Rb as V,S as ht,Sa as Oe,Sb as vo,T as Z,Ta as eo,Tb as xo,U as Dr,Ua as Y,Ub as At,V as ft,Va as to,Vb as _t,W as Br,Wa as wt,Wb as Te,X as R,Y as Yt,Z as qr,Zb as F,_ as re,_a as ro,_b as So,a as D,aa as Or,ac as Co,ba as $t,c as g,cb as oo,d as x,db as no,e as Cr,ea as he,f as N,fa as Mr,g as J,ga as fe,h as Ar,ha as zr,i as ce,ia as Nr,ib as so,ja as Ur,jb as io,k as s,ka as jr,kb as k,l as d,lb as Me,m as Wt,mb as ge,n as _r,na as O,nb as ao,o as dt,oa as de,ob as lo,p as ut,pa as Hr,pb as T,q as pt,qa as Zt,qb as co,ra as W,rb as Se,s as Rr,t as p,ta as $e,tb as vt,u as B,ub as uo,v as Pr,vb as I,w as E,wb as j,xa as Qt,xb as po,ya as Ye,yb as ke,za as Wr,zb as xt}from"./chunk-D54B43VW.js";function Ao({kind:t,payload:e},r){return t==="fathom.sync"?{title:e?.full?"Sync all meetings":"Sync meetings"}:t==="recordings.expire"?{title:"Delete videos that are no longer kept"}:t==="fathom.webhook"?{title:"Update the webhook at Fathom"}:t==="loom.find_videos"?{title:"Look for your uploads at Loom"}:t==="notice.send"?{title:"Send notifications"}:t==="fathom.parts"&&!e?.recording_id?{title:"Copy summaries and transcripts"}:t==="fathom.parts"?{title:`Copy summary and transcript: ${r?.title||`recording ${e.recording_id}`}`,...r&&{href:de(r.id)}}:t!=="recording.transfer"?{title:t}:r?{title:r.title||"Untitled meeting",href:de(r.id)}:{title:`Recording ${e?.recording_id}`}}var Bs=xe("Running","moving","copy"),qs=xe("Waiting","waiting","clock"),Os=xe("Done","good","check"),Ms=xe("Copied","kept","box"),zs=xe("Problem","bad","alert"),Ns=xe("Cancelled","plain","cross");function _o(t,e,r=""){switch(t.status){case"dead":return{...zs,detail:t.error};case"cancelled":return Ns;case"completed":return t.kind==="recording.transfer"?Us(t,e):Os}if(t.kind==="recording.transfer")return Qe(e?.job===t.id?e:void 0,t,r);let o=[t.stage&&js(t.stage),r].filter(Boolean).join(" ");return{...t.status==="processing"?Bs:qs,detail:o}}function Us(t,e){let r=e?.job===t.id,o=e&&["delivered","stored","awaiting_share_url"].includes(e.status);return r||o?Qe(e,t):Ms}var js=t=>`${t.replace(/^./,e=>e.toUpperCase())}.`,Ro=(t,e=Date.now())=>t.finished_at?`Ended ${H(t.finished_at,e)}.`:"",Po=t=>(t??[]).filter(({outcome:e})=>!["snoozed","held","released"].includes(e));var Hs={completed:"Completed",failed:"Failed",dead:"Failed permanently",cancelled:"Cancelled",interrupted:"Interrupted by a server crash"};function Lo({attempts:t}){return t.length?s`
		<details>
			<summary>${R(t.length,"attempt")}</summary>
			<ol class="attempts">
				${t.toReversed().map(e=>s`
					<li key=${e.started}>
						<p class="muted">${pe(e.started)}, ${Ie(e.started)} · ${Ws(e)}</p>
						<p>${Hs[e.outcome]??e.outcome}.${e.error&&` ${e.error}`}</p>
					</li>`)}
			</ol>
		</details>`:null}function Ws({started:t,ended:e}){let r=(Number(Vt(e))-Number(Vt(t)))/1e3;return De(Math.ceil(r))||"less than 1 s"}function Ke({workspace:t,job:e,cause:r}){let{jobs:o}=t,{title:n,href:i}=Ao(e,t.titleByRecording.value.get(e.payload?.recording_id)),a=e.kind==="recording.transfer"?t.transferOf(e.payload?.recording_id):void 0,l=I(e.finished_at,...kt(e,o)),c=_o(e,a,Kr(e,o,l)),m=fe(e)&&c.phase==="running";return s`
		<li class="row job" data-job=${e.id} data-keep=${`job ${e.id}`}>
			<div class="row-main">
				<div class="job-head">
					<h3 dir="auto">${i?s`<a href=${i}>${n}</a>`:n}</h3>
					${r===void 0&&s`<${yo} state=${c} href=${c.phase==="upload"?i:void 0} />`}
				</div>
				<p class="hidden" aria-live="polite">${`${n}: ${c.word}`}</p>
				${m&&s`
					<${Tt} titles=${bt(a,e)} step=${c.step??0} />
					<${xt} workspace=${t} transferID=${a?.id??""} state=${c} name=${`Progress of ${n}`} />`}
				${!m&&fe(e)&&s`<p class="muted">${c.detail}</p>`}
				${!m&&!fe(e)&&s`<p class="muted">${Ro(e,l)}</p>`}
				${!m&&e.status==="processing"&&s`<progress aria-label=${`Progress of ${n}`} max="1" value=${e.progress||void 0} />`}
				${r!==void 0&&!e.error.startsWith(r)&&s`<p class="error">${e.error}</p>`}
				<${Lo} attempts=${Po(e.history)} />
			</div>
			<div class="row-side"><${St} kind="quiet small" jobs=${o} job=${e} title=${n} /></div>
		</li>`}var Vs=3;function Eo({workspace:t,problem:{cause:e,jobs:r,fix:o,isHopeless:n}}){let[i,a]=g(!1),[l,c]=g(0),{run:m,busy:u,error:f}=k(async()=>c((await t.jobs.retryAll(r)).skipped),"It starts again."),h=i?r:r.slice(0,Vs);return s`
		<section class="card problem">
			<h2 dir="auto">${e}</h2>
			${(o||r.length>1)&&s`<div class="actions">
				${o&&s`<a class="button primary" href=${W(o.section)}>${o.label}</a>`}
				${r.length>1&&s`<${d} kind=${o||n?"quiet":"primary"} busy=${u} onClick=${m}>Retry all ${r.length}</${d}>`}
			</div>`}
			${n&&!o&&s`<p class="hint">A retry helps only if something has changed since.</p>`}
			${l>0&&s`<p class="hint" role="status">Skipped ${R(l,"job")}, because the same work is already waiting or running.</p>`}
			${f&&s`<${p}>${b(f)}</${p}>`}
			<ul class="rows">${h.map($=>s`<${Ke} key=${$.id} workspace=${t} job=${$} cause=${e} />`)}</ul>
			${r.length>h.length&&s`<${d} kind="link" onClick=${()=>a(!0)}>Show all ${R(r.length,"job")}</${d}>`}
		</section>`}var Ys=[{matches:Lr,fix:{label:"Free up storage",section:"storage"}},{matches:t=>/\bAPI key\b/.test(t),fix:{label:"Check the Fathom API key",section:"fathom"}},{matches:t=>/\b(Atlassian|connect(ion)? (to )?Loom|Loom in Settings|Loom account)\b/i.test(t),fix:{label:"Check the connection to Loom",section:"loom"}}];function Fo(t){let e=new Map;for(let r of t){let o=Zs(r.error),n=o.replace(/“.*?”/g,"\u201C\u201D").replace(/\d[\d.,]*(\s(bytes|[kMGT]B))?/g,"0"),i=e.get(n);i?(i.jobs.push(r),i.isHopeless&&=Ze(r)):e.set(n,{key:n,cause:o,jobs:[r],fix:Ys.find(({matches:a})=>a(o))?.fix,isHopeless:Ze(r)})}return[...e.values()].sort((r,o)=>o.jobs.length-r.jobs.length)}var Zs=t=>t.replace(/ Gave up after .*$/s,"").trim()||"Something went wrong.";var Xe=50,Io=["processing","pending","failed"],Qs={"fathom.sync":"syncs","recording.transfer":"copies"};function Gs({workspace:t,query:e}){let{jobs:r,titles:o}=t,n=Ur(e),i=r.loaded.value&&(o.loaded.value||o.error.value),{active:a,problems:l,ended:c}=jr(r.all,n.group);a.sort(Ks(r));let m=u=>i&&(n.show==="all"||n.show===u);return s`
		<div class="page">
			<div class="page-head">
				<div><${V} title="Activity" /></div>
				<div class="actions">
					${a.length>1&&n.group==="all"&&s`
						<${F} label="Cancel all" cancelLabel="Keep them" action=${()=>r.cancelAll()}
							question=${`Cancel all ${R(a.length,"job")}? Videos that are already copied are kept.`} />`}
				</div>
			</div>
			<${Xs} filter=${n} counts=${{active:a.length,problems:l.length}} />
			<${Js} jobs=${r} active=${a} />
			${r.error.value&&s`<${p}>${r.error.value} <${d} kind="link" onClick=${()=>r.reload()}>Try again</${d}></${p}>`}
			${!i&&!r.error.value&&s`<${B} label="Loading your activity" />`}
			${m("active")&&s`
				<section class="jobs" aria-labelledby="active-heading">
					<h2 id="active-heading" aria-live="polite">${a.length?R(a.length,"active job"):"No active jobs"}</h2>
					${a.length?s`<${ei} workspace=${t} jobs=${a} />`:s`<p class="muted">Syncs and copies appear here.</p>`}
				</section>`}
			${m("problems")&&Fo(l).map(u=>s`<${Eo} key=${u.key} workspace=${t} problem=${u} />`)}
			${m("problems")&&!l.length&&n.show==="problems"&&s`<p class="muted">No problems.</p>`}
			${m("ended")&&s`<${ti} workspace=${t} jobs=${c} isAlone=${n.show==="ended"} />`}
		</div>`}var Ks=t=>(e,r)=>Io.indexOf(e.status)-Io.indexOf(r.status)||(t.placeOf(e).position||1/0)-(t.placeOf(r).position||1/0)||e.run_at.localeCompare(r.run_at)||e.id.localeCompare(r.id);function Xs({filter:t,counts:e}){let{show:r,group:o}=t;return s`
		<div class="filters">
			<nav class="chips" aria-label="Show">
				${Object.entries(zr).map(([n,i])=>{let a=e[n];return s`
						<a key=${n} href=${Zt({group:o,show:n})} aria-current=${n===r?"true":void 0}>
							${i}${a>0&&s` <span class="count">${a.toLocaleString()}</span>`}
						</a>`})}
			</nav>
			<label class="hidden" for="job-group">Jobs</label>
			<select id="job-group" value=${o} onChange=${n=>$e(Zt({show:r,group:n.currentTarget.value}),{replace:!0})}>
				${Object.entries(Nr).map(([n,i])=>s`<option key=${n} value=${n}>${i}</option>`)}
			</select>
		</div>`}function Js({jobs:t,active:e}){let r=new Set(e.map(a=>a.kind).filter(a=>t.isPaused(a))),o=t.isPaused("*");if(!o&&!r.size)return null;let n=[...r].map(a=>t.pauseReason(a)).find(Boolean);if(n)return s`<${p} kind="note">${n}</${p}>`;let i=o?"the queue":[...r].map(a=>Qs[a]??a).join(" and ");return s`<${p} kind="note">The operator has paused ${i}. Running jobs will finish; waiting jobs will start when the pause ends.</${p}>`}function ei({workspace:t,jobs:e}){let[r,o]=g(Xe);return s`
		<ul class="rows">
			${e.slice(0,r).map(n=>s`<${Ke} key=${n.id} workspace=${t} job=${n} />`)}
		</ul>
		${e.length>r&&s`
			<p class="more">
				<${d} kind="quiet" onClick=${()=>o(r+Xe)}>Show more</${d}>
				<span class="muted">${r} of ${R(e.length,"job")}</span>
			</p>`}`}function ti({workspace:t,jobs:e,isAlone:r}){let[o,n]=g(Xe),[i,a]=g(!1),{run:l,busy:c,error:m}=k(async()=>{o>=e.length&&a(!await t.jobs.loadOlder()),n(o+Xe)}),u=I();return e.length?s`
		${[...Map.groupBy(e.slice(0,o),f=>Er(f.finished_at,u))].map(([f,h])=>s`
			<section class="jobs" key=${f}>
				<h2>${f}</h2>
				<ul class="rows">${h.map($=>s`<${Ke} key=${$.id} workspace=${t} job=${$} />`)}</ul>
			</section>`)}
		${(e.length>o||!i)&&e.length>=Xe&&s`
			<p class="more"><${d} kind="quiet" busy=${c} onClick=${l}>Show older</${d}>${m&&s`<span class="error">${b(m)}</span>`}</p>`}`:r?s`<p class="muted">Nothing has finished yet.</p>`:null}function ri({workspace:t}){let[e]=g(()=>Ve.peek()),r=e?Gr(e,location):"There is no sign-in to finish.",o=k(async()=>{e&&(await Mr(t,e),Ve.value=null,$e(W("loom"),{replace:!0}))}),n=k(()=>he(t));x(()=>{r?Ve.value=null:o.run()},[]);let{error:i}=o,a=i&&ne(i)===0;x(()=>{i&&!a&&(Ve.value=null)},[i]);let l=r||i&&b(i);return s`
		<div class="page narrow">
			<${V} title="Connect Atlassian" />
			<section class="card" aria-label="Sign-in at Atlassian">
				${!l&&s`<${B} label="Connecting Atlassian" />`}
				${l&&s`
					<${p}>${l}</${p}>
					<div class="actions">
						${a?s`<${d} onClick=${o.run}>Try again</${d}>`:s`<${d} busy=${n.busy} onClick=${n.run}>Start again</${d}>`}
						<a class="button quiet" href=${W("loom")}>Back to settings</a>
					</div>
					${n.error&&s`<${p}>${b(n.error)}</${p}>`}`}
			</section>
		</div>`}function oi({query:t}){let[e,r]=g(null),{run:o,error:n}=k(async()=>r(await E.send("/api/oauth/question",{method:"POST",body:{query:t}})));return x(()=>{o()},[]),s`
		<div class="page narrow">
			<${V} title="Give an assistant access?" />
			<section class="card" aria-label="Request for access">
				${!e&&!n&&s`<${B} label="Reading the request" />`}
				${n&&s`<${ni} error=${n} onRetry=${o} />`}
				${e&&s`<${si} question=${e} />`}
			</section>
		</div>`}function ni({error:t,onRetry:e}){let r=re(t?.response?.return_url),o=[0,429].includes(ne(t))||ne(t)>=500;return s`
		<${p}>${ne(t)===404?"This server doesn\u2019t let assistants ask for access.":q(t)}</${p}>
		<div class="actions">
			${o&&s`<${d} onClick=${e}>Try again</${d}>`}
			${r&&s`<${d} kind="quiet" onClick=${()=>location.replace(r)}>Return to ${new URL(r).host}</${d}>`}
			<a class="button quiet" href=${O("/")}>To your meetings</a>
		</div>`}function si({question:t}){let{run:e,busy:r,error:o}=k(async n=>{let{redirect:i}=await E.send("/api/oauth/decision",{method:"POST",body:{decision:t.decision,allow:n}}),a=re(i);if(!a)throw new Error("The address of the assistant is not valid");location.replace(a)});return s`
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
				<dd>Until ${me(t.ends)}, or until you revoke it in Settings</dd></div>
		</dl>
		<${p} kind="note">This server has not verified who is asking; a name can be made up. Allow access only if you have just
			started this in an assistant that you trust${t.is_local?" on this computer":""}.</${p}>
		<div class="actions">
			<${d} busy=${r} onClick=${()=>e(!0)}>Allow</${d}>
			<${d} kind="quiet" disabled=${r} onClick=${()=>e(!1)}>Deny</${d}>
		</div>
		${o&&s`<${p}>${q(o)}</${p}>`}`}function M({title:t,children:e}){return s`
		<main class="account-card">
			<a class="brand" href=${O("/")} aria-label="Fathom-to-Loom: start"><${_r} /><span>Fathom-to-Loom</span></a>
			<section class="card form-card">
				<${V} title=${t} />
				${e}
			</section>
		</main>`}var Je=()=>E.collection("users");function be(t,e){let r=Pr(t)[e];return typeof r=="string"&&ao(r)?r:""}var Rt=t=>Je().requestPasswordReset(t),Do=t=>Je().requestEmailChange(t);async function Bo(t,e){await Je().confirmPasswordReset(t,e,e),await Mo(be(t,"email"),e,"Your new password was saved. Sign in with it.")}async function qo(t,e){let r=be(t,"newEmail");await Je().confirmEmailChange(t,e),await Mo(r,e,`Your new address was saved. Sign in with ${r}.`)}async function Oo(t){await Je().confirmVerification(t),wt.value.phase==="ready"&&await wt.value.workspace.checkVerified().catch(()=>{})}async function Mo(t,e,r){io(r),await ro(t,e).catch(()=>{}),$e(O(wt.value.phase==="ready"?"/":"/sign-in"),{replace:!0})}function ii({token:t}){let{run:e,busy:r,error:o}=k(qo),n=be(t,"newEmail"),i=n?ge(o):"This link is incomplete. Open it again from the message, or copy all of it.",a=c=>{c.preventDefault(),e(t,String(new FormData(c.currentTarget).get("password")))};if(i)return s`
			<${M} title="Confirm your new address">
				<${p}>${i}</${p}>
				<p><a class="button primary" href=${W("security")}>Ask for another link</a></p>
			</${M}>`;let l=!!L(o,"password");return s`
		<${M} title="Confirm your new address">
			<p>From now on, your account will use <strong>${n}</strong>. All other browsers will be signed out.</p>
			<form onSubmit=${a}>
				<input type="email" autocomplete="username" value=${n} readOnly hidden />
				<${T} id="password" label="Your password" type="password" required autocomplete="current-password" error=${l?"This is not the password of your account.":""} />
				${o&&!l&&s`<${p}>${q(o)}</${p}>`}
				<${d} type="submit" busy=${r}>Use this address</${d}>
			</form>
		</${M}>`}function ai(){return x(()=>{to()},[]),s`
		<${M} title="Forgot your password?">
			${Y.value.mail?s`<${li} />`:s`<p>This server can’t send e-mail. Ask <${Se} /> to set a new password for you.</p>`}
			<p><a href=${O("/sign-in")}>Back to sign-in</a></p>
		</${M}>`}function li(){let[t,e]=g(""),{run:r,busy:o,error:n}=k(Rt),i=async l=>{l.preventDefault();let c=String(new FormData(l.currentTarget).get("email")).trim();await r(c)&&e(c)},a=L(n,"email");return s`
		<p>Enter the e-mail address of your account. You’ll receive a link with which you choose a new password.</p>
		<form onSubmit=${i}>
			<${T} id="email" label="E-mail" type="email" required autocomplete="username" error=${a} />
			${n&&!a&&s`<${p}>${q(n)}</${p}>`}
			<${d} type="submit" busy=${o}>Send the link</${d}>
		</form>
		${t&&s`
			<${p} kind="note">If ${t} has an account here, a message with a link is on its way. The link works for half an hour. If nothing
				arrives, look in your spam folder, and ask again in ten minutes. If you can’t read mail at this address any more, ask <${Se} />.</${p}>`}`}function ci(){let{version:t}=Y.value;return s`
		<div class="page narrow help">
			<${V} title="Help" />
			<h2>From Fathom to Loom</h2>
			<ol>
				<li>Save your Fathom API key in <a href=${W("fathom")}>Settings</a>. Your meetings are listed here.</li>
				<li>Copy a meeting: its video, summary and transcript are stored in your own database on this server.</li>
				<li>The video goes on to Loom: by itself if you have <a href=${W("loom")}>connected Loom</a>, otherwise you upload
				the file there and paste Loom’s link.</li>
			</ol>
			<h2>What is stored, and who can read it</h2>
			<p>Your meetings are kept in a database that belongs to you alone. The operator of this server can open it, and you see
			under <a href=${W("security")}>Security</a> when that happened. Keys are encrypted and never shown again.
			Nothing is deleted at Fathom or Loom. You can <a href=${W("data")}>download everything or delete your account</a>.</p>
			<h2>Loom’s limits</h2>
			<p>Loom’s free plan takes 25 videos of up to 5 minutes each. For others to see a video, its link must be visible to
			anyone who has it; Loom asks for that when you share.</p>
			<h2>When something doesn’t work</h2>
			<p>Every problem says what to do next. If it stays, tell the operator of this server what you did and when.</p>
			${t&&s`<p class="muted">Version ${t}</p>`}
		</div>`}function ze({at:t,onSeek:e}){let r=ft(t);if(r===null)return null;let o=Br(t);return e?s`<button type="button" class="link timestamp" aria-label=${`Play from ${o}`} onClick=${()=>e(r)}>${o}</button>`:s`<span class="timestamp">${o}</span>`}function zo({items:t,missing:e,onSeek:r}){return s`
		<section>
			<h2>Action items</h2>
			${t?.length?s`
				<ul class="todo">
					${t.map((o,n)=>s`
						<li key=${n} class=${o.completed?"done":""}>
							<span class="box" aria-hidden="true">${o.completed&&s`<${ut} />`}</span>
							<span>
								<span class="what" dir="auto">${o.description}</span>
								${o.completed&&s`<span class="hidden"> (done)</span>`}
								<span class="muted">${o.assignee?.name&&`${o.assignee.name} \xB7 `}<${ze} at=${o.recording_timestamp} onSeek=${r} /></span>
							</span>
						</li>`)}
				</ul>`:e}
		</section>`}function No(t,e){return t.map(({start:r,title:o},n)=>{let i=t[n+1]?.start??(e>0&&e<1/0?e:0);return{start:r,end:Math.max(i,r+1),title:o}})}var Uo=(t,e)=>t.findLastIndex(({start:r})=>r<=e);function jo({chapters:t,player:e,onSeek:r}){let o=di(t,e);return t.length?s`
		<section>
			<h2 id="chapters-heading">Chapters</h2>
			<ol class="chapters" aria-labelledby="chapters-heading">
				${t.map(({start:n,title:i},a)=>s`
					<li key=${a}>
						<button type="button" aria-current=${a===o?"true":void 0} onClick=${()=>r(n)}>
							<span class="timestamp">${mt(n)}</span>${" "}<span dir="auto">${i}</span>
						</button>
					</li>`)}
			</ol>
		</section>`:null}function di(t,e){let[r,o]=g(-1);return x(()=>{let n=e.current;if(!n||!t.length)return;let i=()=>o(Uo(t,n.currentTime)),a=()=>ui(n,t);a(),i(),n.addEventListener("durationchange",a);for(let l of["timeupdate","seeking"])n.addEventListener(l,i);return()=>{n.removeEventListener("durationchange",a);for(let l of["timeupdate","seeking"])n.removeEventListener(l,i)}},[t,e.current]),r}function ui(t,e){let r=[...t.textTracks].find(({kind:o})=>o==="chapters")??t.addTextTrack("chapters","Chapters");r.mode="hidden";for(let o of[...r.cues??[]])r.removeCue(o);for(let{start:o,end:n,title:i}of No(e,t.duration))r.addCue(new VTTCue(o,n,i))}function Ho({items:t,missing:e,onSeek:r}){return s`
		<section>
			<h2>Highlights</h2>
			${t?.length?s`
				<ul class="highlights">
					${t.map((o,n)=>s`
						<li key=${n}>
							<span class="what" dir="auto">${o.summary||o.text}</span>
							<span class="muted">${o.type&&`${o.type} \xB7 `}<${ze} at=${pi(o.start_time)} onSeek=${r} /></span>
						</li>`)}
				</ul>`:e}
		</section>`}function pi(t){let e=Math.max(0,Math.floor(t||0));return[e/3600,e/60%60,e%60].map(r=>String(Math.floor(r)).padStart(2,"0")).join(":")}function er(){return{async:!1,breaks:!1,extensions:null,gfm:!0,hooks:null,pedantic:!1,renderer:null,silent:!1,tokenizer:null,walkTokens:null}}var Pe=er();function tn(t){Pe=t}var Ae={exec:()=>null};function Ce(t){let e=[];return r=>{let o=Math.max(0,Math.min(3,r-1)),n=e[o];return n||(n=t(o),e[o]=n),n}}function C(t,e=""){let r=typeof t=="string"?t:t.source,o={replace:(n,i)=>{let a=typeof i=="string"?i:i.source;return a=a.replace(z.caret,"$1"),r=r.replace(n,a),o},getRegex:()=>new RegExp(r,e)};return o}var rn=((t="")=>{try{return!!new RegExp("(?<=1)(?<!1)"+t)}catch{return!1}})(),z={codeRemoveIndent:/^(?: {0,3}\t| {1,4})/gm,listInterruptsParagraph:/^ {0,3}(?:[*+-]|1[.)])[ \t]+[^ \t\n]/,outputLinkReplace:/\\([\[\]])/g,indentCodeCompensation:/^(\s+)(?:```)/,beginningSpace:/^\s+/,endingHash:/#$/,startingSpaceChar:/^ /,endingSpaceChar:/ $/,endingSpaceTabChar:/[ \t]$/,nonSpaceChar:/[^ ]/,newLineCharGlobal:/\n/g,tabCharGlobal:/\t/g,leadingSpaceTab:/^[ \t]+/,multipleSpaceGlobal:/\s+/g,blankLine:/^[ \t]*$/,doubleBlankLine:/\n[ \t]*\n[ \t]*$/,blockquoteStart:/^ {0,3}>/,blockquoteSetextReplace:/\n {0,3}((?:=+|-+)[ \t]*)(?=\n|$)/g,blockquoteSetextReplace2:/^ {0,3}>[ \t]?/gm,blockquoteMarkerWhitespace:/^( {0,3}>)(\t[ \t]*)/gm,nestedBlockMarker:/^ {0,3}(?:(?:[*+-]|\d{1,9}[.)])(?: |$)|> ?)/,listReplaceNesting:/^ {1,4}(?=( {4})*[^ ])/g,listIsTask:/^\[[ xX]\][ \t]+\S/,listReplaceTask:/^\[[ xX]\][ \t]+/,listTaskCheckbox:/\[[ xX]\]/,anyLine:/\n.*\n/,hrefBrackets:/^<(.*)>$/,tableDelimiter:/[:|]/,tableAlignChars:/^\||\| *$/g,tableRowBlankLine:/\n[ \t]*$/,tableAlignRight:/^ *-+: *$/,tableAlignCenter:/^ *:-+: *$/,tableAlignLeft:/^ *:-+ *$/,startATag:/^<a /i,endATag:/^<\/a>/i,startPreScriptTag:/^<(pre|code|kbd|script)(\s|>)/i,endPreScriptTag:/^<\/(pre|code|kbd|script)(\s|>)/i,startAngleBracket:/^</,endAngleBracket:/>$/,pedanticHrefTitle:/^([^'"]*[^\s])\s+(['"])(.*)\2/,unicodeAlphaNumeric:/[\p{L}\p{N}]/u,numericCharacterReference:/&#(?:(\d{1,7})|[Xx]([A-Fa-f0-9]{1,6}));/,numericCharacterReferenceOrAmpersand:/&#(?:(\d{1,7})|[Xx]([A-Fa-f0-9]{1,6}));|&(?!(#\d{1,7}|#[Xx][a-fA-F0-9]{1,6}|\w+);)/g,escapeTest:/[&<>"']/,escapeReplace:/[&<>"']/g,escapeTestNoEncode:/[<>"']|&(?!(#\d{1,7}|#[Xx][a-fA-F0-9]{1,6}|\w+);)/,escapeReplaceNoEncode:/[<>"']|&(?!(#\d{1,7}|#[Xx][a-fA-F0-9]{1,6}|\w+);)/g,caret:/(^|[^\[])\^/g,percentDecode:/%25/g,findPipe:/\|/g,splitPipe:/ \|/,slashPipe:/\\\|/g,carriageReturn:/\r\n|\r/g,spaceLine:/^ +$/gm,notSpaceStart:/^\S*/,endingNewline:/\n$/,listItemRegex:t=>new RegExp(`^( {0,3}${t})((?:[	 ][^\\n]*)?(?:\\n|$))`),nextBulletRegex:Ce(t=>new RegExp(`^ {0,${t}}(?:[*+-]|\\d{1,9}[.)])((?:[ 	][^\\n]*)?(?:\\n|$))`)),hrRegex:Ce(t=>new RegExp(`^ {0,${t}}((?:-[ 	]*){3,}|(?:_[ 	]*){3,}|(?:\\*[ 	]*){3,})(?:\\n+|$)`)),fencesBeginRegex:Ce(t=>new RegExp(`^ {0,${t}}(?:\`\`\`|~~~)`)),headingBeginRegex:Ce(t=>new RegExp(`^ {0,${t}}#{1,6}(?:\\s|$)`)),pedanticHeadingBeginRegex:Ce(t=>new RegExp(`^ {0,${t}}#`)),htmlBeginRegex:Ce(t=>new RegExp(`^ {0,${t}}(?:</?(?:${rr})(?:[ \\t]+|$|/?>)|<(?:(?:script|pre|style|textarea)(?:[\\s>]|$)|!--)|<\\?|<![A-Za-z]|<!\\[CDATA\\[)`,"i")),blockquoteBeginRegex:Ce(t=>new RegExp(`^ {0,${t}}>`)),nestedContainerMarkers:/^(?: {0,3}(?:(?:[*+-]|\d{1,9}[.)])[ \t]+|>[ \t]?))+/},mi=/^(?:[ \t]*(?:\n|$))+/,hi=/^((?: {4}| {0,3}\t)[^\n]+(?:\n(?:[ \t]*(?:\n|$))*)?)+/,fi=/^ {0,3}(`{3,}(?=[^`\n]*(?:\n|$))|~{3,})([^\n]*)(?:\n|$)(?:|([\s\S]*?)(?:\n|$))(?: {0,3}(?:(?=`)\1`*|(?=~)\1~*) *(?=\n|$)|$)/,rt=/^ {0,3}((?:-[\t ]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})(?:\n+|$)/,$i=/^ {0,3}(#{1,6})(?=\s|$)(.*)(?:\n+|$)/,tr=/ {0,3}(?:[*+-]|\d{1,9}[.)])/,rr="address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|meta|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul",ot=C(" {0,3}(?:</?(?:tag)(?:[ \\t]+|\\n|/?>)|<(?:(?:script|pre|style|textarea)(?:[\\s>]|$)|!--)|<\\?|<![A-Za-z]|<!\\[CDATA\\[)").replace("tag",rr).getRegex(),on=/^(?!bull |blockCode|fences|blockquote|heading|html|table)((?:.|\n(?!\s*?\n|bull |fences|blockquote|heading|hr|html|table))+?)\n {0,3}(=+|-+)[ \t]*(?:\n+|$)/,nn=C(on).replace(/bull/g,tr).replace(/blockCode/g,/(?: {4}| {0,3}\t)/).replace(/fences/g,/ {0,3}(?:`{3,}|~{3,})/).replace(/blockquote/g,/ {0,3}>/).replace(/heading/g,/ {0,3}#{1,6}(?:\s|$)/).replace(/hr/g,/ {0,3}(?:(?:-[\t ]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})(?:\n+|$)/).replace(/\|table/g,"").replace(/html/g,ot).getRegex(),gi=C(on).replace(/bull/g,tr).replace(/blockCode/g,/(?: {4}| {0,3}\t)/).replace(/fences/g,/ {0,3}(?:`{3,}|~{3,})/).replace(/blockquote/g,/ {0,3}>/).replace(/heading/g,/ {0,3}#{1,6}(?:\s|$)/).replace(/hr/g,/ {0,3}(?:(?:-[\t ]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})(?:\n+|$)/).replace(/table/g,/ {0,3}\|?(?:[:\- ]*\|)+[\:\- ]*\n/).replace(/html/g,ot).getRegex(),or=/^([^\n]+(?:\n(?!hr|heading|lheading|blockquote|fences|list|html|table|[ \t]+\n)[^\n]+)*)/,ki=/^[^\n]+/,nr=/(?!\s*\])(?:\\[\s\S]|[^\[\]\\\n]|\n(?![ \t]*\n))+/,bi=C(/^ {0,3}\[(label)\]: *(?:\n[ \t]*)?([^<\s][^\s]*|<(?:\\.|[^\n<>\\])*>)(?:(?: +(?:\n[ \t]*)?| *\n[ \t]*)(title))? *(?:\n+|$)/).replace("label",nr).replace("title",/(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\\n]|\n(?!\n))*'|\((?:\\[\s\S]|[^()\\])*\))/).getRegex(),yi=C(/^(bull)([ \t][^\n]*?)?(?:\n|$)/).replace(/bull/g,tr).getRegex(),sr=/<!--(?:-?>|[\s\S]*?(?:-->|$))/,wi=C("^ {0,3}(?:<(script|pre|style|textarea)[\\s>][\\s\\S]*?(?:</\\1>[^\\n]*\\n*|$)|comment[^\\n]*(\\n+|$)|<\\?[\\s\\S]*?(?:\\?>[^\\n]*\\n*|$)|<![A-Z][\\s\\S]*?(?:>[^\\n]*\\n*|$)|<!\\[CDATA\\[[\\s\\S]*?(?:\\]\\]>[^\\n]*\\n*|$)|</?(tag)(?:[ \\t]+|\\n|/?>|$)[\\s\\S]*?(?:(?:\\n[ 	]*)+\\n|$)|<(?!(?:script|pre|style|textarea)(?![a-z0-9-]))([a-z][a-z0-9-]*)(?:attribute)*?[ \\t]*/?>(?=[ \\t]*(?:\\n|$))[\\s\\S]*?(?:(?:\\n[ 	]*)+\\n|$)|</[a-z][a-z0-9-]*\\s*>(?=[ \\t]*(?:\\n|$))[\\s\\S]*?(?:(?:\\n[ 	]*)+\\n|$))","i").replace("comment",sr).replace("tag",rr).replace("attribute",/[ \t]+[a-zA-Z:_][\w.:-]*(?:[ \t]*=[ \t]*"[^"\n]*"|[ \t]*=[ \t]*'[^'\n]*'|[ \t]*=[ \t]*[^\s"'=<>`]+)?/).getRegex(),sn=t=>C(or).replace("hr",rt).replace("heading"," {0,3}#{1,6}(?:\\s|$)").replace("|lheading","").replace("|table","").replace("blockquote"," {0,3}>").replace("fences"," {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)").replace("list",t).replace("html",ot).getRegex(),vi=sn(/ {0,3}(?:[*+-]|1[.)])[ \t]+[^ \t\n]/),xi=sn(/ {0,3}(?:[*+-]|\d{1,9}[.)])(?:[ \t]|\n|$)/),Si=C(/^( {0,3}> ?(?:(?![ \t]*(?:\n|$))(paragraph)|[^\n]*)(?:\n|$))+/).replace("paragraph",xi).getRegex(),ir={blockquote:Si,code:hi,def:bi,fences:fi,heading:$i,hr:rt,html:wi,lheading:nn,list:yi,newline:mi,paragraph:vi,table:Ae,text:ki},Wo=C("^ *([^\\n ].*)\\n {0,3}((?:\\| *)?:?-+:? *(?:\\| *:?-+:? *)*(?:\\| *)?)(?:\\n((?:(?! *\\n|hr|heading|blockquote|code|fences|list|html).*(?:\\n|$))*)\\n*|$)").replace("hr",rt).replace("heading"," {0,3}#{1,6}(?:\\s|$)").replace("blockquote"," {0,3}>").replace("code","(?: {4}| {0,3}	)[^\\n]").replace("fences"," {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)").replace("list"," {0,3}(?:[*+-]|1[.)])[ \\t]").replace("html",ot).getRegex(),Ti={...ir,lheading:gi,table:Wo,paragraph:C(or).replace("hr",rt).replace("heading"," {0,3}#{1,6}(?:\\s|$)").replace("|lheading","").replace("table",Wo).replace("blockquote"," {0,3}>").replace("fences"," {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)").replace("list"," {0,3}(?:[*+-]|1[.)])[ \\t]+[^ \\t\\n]").replace("html",ot).getRegex()},Ci={...ir,html:C(`^ *(?:comment(?: *\\n|\\s*$)|<(tag)[\\s\\S]+?</\\1>(?: *\\n{2,}|\\s*$)|<tag(?:"[^"]*"|'[^']*'|\\s[^'"/>\\s]*)*?/?>(?: *\\n{2,}|\\s*$))`).replace("comment",sr).replace(/tag/g,"(?!(?:a|em|strong|small|s|cite|q|dfn|abbr|data|time|code|var|samp|kbd|sub|sup|i|b|u|mark|ruby|rt|rp|bdi|bdo|span|br|wbr|ins|del|img)\\b)\\w+(?!:|[^\\w\\s@]*@)\\b").getRegex(),def:/^ *\[([^\]]+)\]: *<?([^\s>]+)>?(?: +(["(][^\n]+[")]))? *(?:\n+|$)/,heading:/^(#{1,6})(.*)(?:\n+|$)/,fences:Ae,lheading:/^(.+?)\n {0,3}(=+|-+) *(?:\n+|$)/,paragraph:C(or).replace("hr",rt).replace("heading",` *#{1,6} *[^
]`).replace("|table","").replace("blockquote"," {0,3}>").replace("|fences","").replace("|list","").replace("|html","").replace("|tag","").replace("lheading",nn).getRegex()},Ai=/^\\([!"#$%&'()*+,\-./:;<=>?@\[\]\\^_`{|}~])/,_i=/^(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/,an=/^( {2,}|\\)\n(?!\s*$)[ \t]*/,Ri=/^(`+|[^`])(?:(?= {2,}\n)|[\s\S]*?(?:(?=[\\<!\[`*_]|\b_|$)|[^ ](?= {2,}\n)))/,se=/[\p{P}\p{S}]/u,Ue=/[\s\p{P}\p{S}]/u,nt=/[^\s\p{P}\p{S}]/u,Pi=C(/^((?![*_])punctSpace)/,"u").replace(/punctSpace/g,Ue).getRegex(),Li=/[\p{Pi}\p{Ps}"']/u,ln=/(?!~)[\p{P}\p{S}]/u,Ei=/(?!~)[\s\p{P}\p{S}]/u,Fi=/(?:[^\s\p{P}\p{S}]|~)/u,Ii=C(/link|precode-code|html/,"g").replace("link",/\[(?:[^\[\]`]|(?<a>`+)[^`]+\k<a>(?!`))*?\]\((?:\\[\s\S]|[^\\\(\)]|\((?:\\[\s\S]|[^\\\(\)])*\))*\)/).replace("precode-",rn?"(?<!`)()":"(^^|[^`])").replace("code",/(?<b>`+)[^`]+\k<b>(?!`)/).replace("html",/<(?! )[^<>]*?>/).getRegex(),cn=/^(?:\*+(?:((?!\*)punct)|([^\s*]))?)|^_+(?:((?!_)punct)|([^\s_]))?/,Di=C(cn,"u").replace(/punct/g,se).getRegex(),Bi=C(cn,"u").replace(/punct/g,ln).getRegex(),qi=/^(?:\*+(?:((?!\*)(?!openQuote)punct)|([^\s*]))?)|^_+(?:((?!_)(?!openQuote)punct)|([^\s_]))?/,Oi=C(qi,"u").replace(/openQuote/g,Li).replace(/punct/g,se).getRegex(),dn="^[^_*]*?__[^_*]*?\\*[^_*]*?(?=__)|[^*]+(?=[^*])|(?!\\*)punct(\\*+)(?=[\\s]|$)|notPunctSpace(\\*+)(?!\\*)(?=punctSpace|$)|(?!\\*)punctSpace(\\*+)(?=notPunctSpace)|[\\s](\\*+)(?!\\*)(?=punct)|(?!\\*)punct(\\*+)(?!\\*)(?=punct)|notPunctSpace(\\*+)(?=notPunctSpace)",Mi=C(dn,"gu").replace(/notPunctSpace/g,nt).replace(/punctSpace/g,Ue).replace(/punct/g,se).getRegex(),zi=C(dn,"gu").replace(/notPunctSpace/g,Fi).replace(/punctSpace/g,Ei).replace(/punct/g,ln).getRegex(),Ni="^[^_*]*?__[^_*]*?\\*[^_*]*?(?=__)|[^*]+(?=[^*])|(?!\\*)punct(\\*+)(?=[\\s]|$)|notPunctSpace(\\*+)(?!\\*)(?=punctSpace|$)|(?!\\*)[\\s](\\*+)(?=notPunctSpace)|[\\s](\\*+)(?!\\*)(?=punct)|(?!\\*)punct(\\*+)(?!\\*)(?=punct)|(?:(?!\\*)punct|notPunctSpace)(\\*+)(?!\\*)(?=notPunctSpace)",Ui=C(Ni,"gu").replace(/notPunctSpace/g,nt).replace(/punctSpace/g,Ue).replace(/punct/g,se).getRegex(),ji=C("^[^_*]*?\\*\\*[^_*]*?_[^_*]*?(?=\\*\\*)|[^_]+(?=[^_])|(?!_)punct(_+)(?=[\\s]|$)|notPunctSpace(_+)(?!_)(?=punctSpace|$)|(?!_)punctSpace(_+)(?=notPunctSpace)|[\\s](_+)(?!_)(?=punct)|(?!_)punct(_+)(?!_)(?=punct)","gu").replace(/notPunctSpace/g,nt).replace(/punctSpace/g,Ue).replace(/punct/g,se).getRegex(),Hi="^[^_*]*?\\*\\*[^_*]*?_[^_*]*?(?=\\*\\*)|[^_]+(?=[^_])|(?!_)punct(_+)(?=[\\s]|$)|notPunctSpace(_+)(?!_)(?=punctSpace|$)|(?!_)[\\s](_+)(?=notPunctSpace)|[\\s](_+)(?!_)(?=punct)|(?!_)punct(_+)(?!_)(?=punct)|(?:(?!_)punct|notPunctSpace)(_+)(?!_)(?=notPunctSpace)",Wi=C(Hi,"gu").replace(/notPunctSpace/g,nt).replace(/punctSpace/g,Ue).replace(/punct/g,se).getRegex(),Vi=C(/^~~?(?:((?!~)punct)|[^\s~])/,"u").replace(/punct/g,se).getRegex(),Yi="^[^~]+(?=[^~])|(?!~)punct(~~?)(?=[\\s]|$)|notPunctSpace(~~?)(?!~)(?=punctSpace|$)|(?!~)punctSpace(~~?)(?=notPunctSpace)|[\\s](~~?)(?!~)(?=punct)|(?!~)punct(~~?)(?!~)(?=punct)|notPunctSpace(~~?)(?=notPunctSpace)",Zi=C(Yi,"gu").replace(/notPunctSpace/g,nt).replace(/punctSpace/g,Ue).replace(/punct/g,se).getRegex(),Qi=C(/\\(punct)/,"gu").replace(/punct/g,se).getRegex(),Gi=C(/(`+)(?:[^`]|[^`][\s\S]*?[^`])\1(?!`)|`+|\\(punct)/,"gu").replace(/punct/g,se).getRegex(),Ki=C(/^<(scheme:[^\s\x00-\x1f<>]*|email)>/).replace("scheme",/[a-zA-Z][a-zA-Z0-9+.-]{1,31}/).replace("email",/[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+(@)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+(?![-_])/).getRegex(),Xi=C(sr).replace("(?:-->|$)","-->").getRegex(),Ji=C("^comment|^</[a-zA-Z][a-zA-Z0-9-]*\\s*>|^<[a-zA-Z][a-zA-Z0-9-]*(?:attribute)*?\\s*/?>|^<\\?[\\s\\S]*?\\?>|^<![a-zA-Z]+\\s[\\s\\S]*?>|^<!\\[CDATA\\[[\\s\\S]*?\\]\\]>").replace("comment",Xi).replace("attribute",/\s+[a-zA-Z:_][\w.:-]*(?:\s*=\s*"[^"]*"|\s*=\s*'[^']*'|\s*=\s*[^\s"'=<>`]+)?/).getRegex(),un=/\[(?:\\[\s\S]|[^\[\]\\])*\]/,Et=C(/(?:\[(?:brackets|\\[\s\S]|[^\[\]\\])*\]|\\[\s\S]|`+(?!`)[^`]*?`+(?!`)|``+(?=\])|[^\[\]\\`])*?/).replace("brackets",un).getRegex(),ea=C(/^!?\[(label)\]\([ \t\n]*(href)(?:(?:[ \t]+(?:\n[ \t]*)?|\n[ \t]*)(title))?[ \t\n]*\)/).replace("label",Et).replace("href",/<(?:\\.|[^\n<>\\])*>|(?!<)[^ \t\n\x00-\x1f]+|(?=\))/).replace("title",/"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\((?:\\[\s\S]|[^)\\])*\)/).getRegex(),ta=C(/^!?\[(label)\]\[(ref)\]/).replace("label",Et).replace("ref",nr).getRegex(),ra=C(/^!?\[(ref)\](?:\[\])?/).replace("ref",nr).getRegex(),Vo=/(?!\s*\])(?:\\[\s\S]|[^\[\]\\]){1,999}/,oa=C(/(?:[^\[\]\\`]*(?:\[(?:brackets|\\[\s\S]|[^\[\]\\])*\]|\\[\s\S]|`+(?!`)[^`]*?`+(?!`)|``+(?=\]))){0,999}?[^\[\]\\`]*?/).replace("brackets",un).getRegex(),na=C("reflink|nolink(?!\\()","g").replace("reflink",C(/^!?\[(label)\]\[(ref)\]/).replace("label",oa).replace("ref",Vo).getRegex()).replace("nolink",C(/^!?\[(ref)\](?:\[\])?/).replace("ref",Vo).getRegex()).getRegex(),Yo=/[hH][tT][tT][pP][sS]?|[fF][tT][pP]/,sa=/[A-Za-z0-9._+-]+@[a-zA-Z0-9-_]+(?:\.[a-zA-Z0-9-_]*[a-zA-Z0-9])+(?![\w-])/,ia=C(/(?:mailto:email|xmpp:email(?:\/[A-Za-z0-9@.]+)?)/).replace(/email/g,sa).getRegex(),ar={_backpedal:Ae,anyPunctuation:Qi,anyPunctuationOutsideCode:Gi,autolink:Ki,blockSkip:Ii,br:an,code:_i,del:Ae,delLDelim:Ae,delRDelim:Ae,emStrongLDelim:Di,emStrongRDelimAst:Mi,emStrongRDelimUnd:ji,escape:Ai,link:ea,nolink:ra,punctuation:Pi,reflink:ta,reflinkSearch:na,tag:Ji,text:Ri,url:Ae},aa={...ar,emStrongLDelim:Oi,emStrongRDelimAst:Ui,emStrongRDelimUnd:Wi,link:C(/^!?\[(label)\]\((.*?)\)/).replace("label",Et).getRegex(),reflink:C(/^!?\[(label)\]\s*\[([^\]]*)\]/).replace("label",Et).getRegex()},Kt={...ar,emStrongRDelimAst:zi,emStrongLDelim:Bi,delLDelim:Vi,delRDelim:Zi,url:C(/^emailProtocol|^((?:protocol):\/\/|www\.)(?:[a-zA-Z0-9\-]+\.?)+[^\s<]*|^email/).replace("emailProtocol",ia).replace("protocol",Yo).replace("email",/[A-Za-z0-9._+-]+(@)[a-zA-Z0-9-_]+(?:\.[a-zA-Z0-9-_]*[a-zA-Z0-9])+(?![\w-])/).getRegex(),_backpedal:/(?:[^?!.,:;*_'"~()&]+|\([^)]*\)|&(?![a-zA-Z0-9]+;$)|[?!.,:;*_'"~)]+(?!$))+/,del:/^(~~?)(?=[^\s~])((?:\\[\s\S]|[^\\])*?(?:\\[\s\S]|[^\s~\\]))\1(?=[^~]|$)/,text:C(/^(?:[^a-zA-Z0-9](?=emailProtocol)|(`+|~+|[^`~])(?:(?=[`~])|(?= {2,}\n)|(?=[a-zA-Z0-9.!#$%&'*+\/=?_`{\|}~-]+@)|[\s\S]*?(?:(?=[\\<!\[`*~_]|\b_|protocol:\/\/|wwwStart|$)|[^ ](?= {2,}\n)|[^a-zA-Z0-9](?=emailProtocol)|[^a-zA-Z0-9.!#$%&'*+\/=?_`{\|}~-](?=[a-zA-Z0-9.!#$%&'*+\/=?_`{\|}~-]+@))))/).replace("protocol",Yo).replace(/emailProtocol/g,/(?:mailto|xmpp):/).replace("wwwStart",rn?"(?<![^\\s*_~(])www\\.":"www\\.").getRegex()},la={...Kt,br:C(an).replace("{2,}","*").getRegex(),text:C(Kt.text).replace("\\b_","\\b_| {2,}\\n").replace(/\{2,\}/g,"*").getRegex()},Pt={normal:ir,gfm:Ti,pedantic:Ci},et={normal:ar,gfm:Kt,breaks:la,pedantic:aa},ca={"&":"&amp;","<":"&lt;",">":"&gt;",'"':"&quot;","'":"&#39;"},Zo=t=>ca[t];function G(t,e){if(e){if(z.escapeTest.test(t))return t.replace(z.escapeReplace,Zo)}else if(z.escapeTestNoEncode.test(t))return t.replace(z.escapeReplaceNoEncode,Zo);return t}function da(t){return z.numericCharacterReference.test(t)?t.replace(z.numericCharacterReferenceOrAmpersand,(e,r,o)=>{if(r===void 0&&o===void 0)return"&amp;";let n=r===void 0?Number.parseInt(o,16):Number.parseInt(r,10);return n===0||n>1114111||n>=55296&&n<=57343?"\uFFFD":n===38?"&amp;":String.fromCodePoint(n)}):t}function Qo(t){try{t=encodeURI(t).replace(z.percentDecode,"%")}catch{return null}return t}function Go(t,e){let r=t.replace(z.findPipe,(i,a,l)=>{let c=!1,m=a;for(;--m>=0&&l[m]==="\\";)c=!c;return c?"|":" |"}),o=r.split(z.splitPipe),n=0;if(o[0].trim()||o.shift(),o.length>0&&!o.at(-1)?.trim()&&o.pop(),e)if(o.length>e)o.splice(e);else for(;o.length<e;)o.push("");for(;n<o.length;n++)o[n]=o[n].trim().replace(z.slashPipe,"|");return o}function ue(t,e,r){let o=t.length;if(o===0)return"";let n=0;for(;n<o;){let i=t.charAt(o-n-1);if(i===e&&!r)n++;else if(i!==e&&r)n++;else break}return t.slice(0,o-n)}function Ko(t){let e=t.split(`
`),r=e.length-1;for(;r>=0&&z.blankLine.test(e[r]);)r--;return e.length-r<=2?t:e.slice(0,r+1).join(`
`)}function Ft(t){return t.trim().replace(z.multipleSpaceGlobal," ").toLowerCase().toUpperCase().toLowerCase()}function Xo(t,e){if(t.indexOf(e[0])===-1&&t.indexOf(e[1])===-1)return-1;let r=0;for(let o=0;o<t.length;o++)if(t[o]==="\\")o++;else if(t[o]===e[0])r++;else if(t[o]===e[1]&&(r--,r<0))return o;return r>0?-2:-1}var Ne=new WeakMap;function lr(t){let e={"*":-1,_:-1},r=-1,o=t.length;for(let n=0;n<o;n++){let i=t[n];if(i!=="*"&&i!=="_"&&i!=="~")continue;let a=n===0?`
`:t[n-1],l=n+1;for(;l<o&&t[l]===i;)l++;a!==" "&&a!=="	"&&a!==`
`&&a!=="\r"&&a!=="\f"&&(i==="~"?r=n:e[i]=n),n=l-1}return{maskedSrc:t,lastPossibleEmStrongCloserIndex:e,lastPossibleDelCloserIndex:r}}function ua(t,e){let r=lr(e),o=Ne.get(t);o?o.push(r):Ne.set(t,[r])}function pa(t){let e=Ne.get(t);e&&(e.pop(),e.length===0&&Ne.delete(t))}function pn(t,e,r){let o=Ne.get(t)?.at(-1);return o&&o.maskedSrc===e?o.lastPossibleEmStrongCloserIndex[r]:lr(e).lastPossibleEmStrongCloserIndex[r]}function mn(t,e){let r=Ne.get(t)?.at(-1);return r&&r.maskedSrc===e?r.lastPossibleDelCloserIndex:lr(e).lastPossibleDelCloserIndex}function Lt(t,e=0){let r=e,o="";for(let n of t)if(n==="	"){let i=4-r%4;o+=" ".repeat(i),r+=i}else o+=n,r++;return o}function ma(t,e){let r="";for(let o=0;o<t.length;o++){if(t[o]==="`"){let n=e.inline.code.exec(t.slice(o));if(n){r+=n[0],o+=n[0].length-1;continue}}if(t[o]==="\\"&&(t[o+1]==="["||t[o+1]==="]")){r+=t[o+1],o++;continue}r+=t[o]}return r}function Jo(t,e,r,o,n){let i=e.href,a=e.title||null,l=ma(t[1],n),c=t[0].charAt(0)==="!",m=o.state.inLink,u=o.state.linkEmitted,f=o.state.inRawBlock;o.state.inLink=!0,o.state.linkEmitted=!1;let h=o.inlineTokens(l),$=o.state.linkEmitted;if(o.state.linkEmitted=u,o.state.inLink=m,!c){if($){o.state.inRawBlock=f;return}o.state.linkEmitted=!0}return{type:c?"image":"link",raw:r,href:i,title:a,text:l,tokens:h}}function ha(t,e,r){let o=t.match(r.other.indentCodeCompensation);if(o===null)return e;let n=o[1];return e.split(`
`).map(i=>{let a=i.match(r.other.beginningSpace);if(a===null)return i;let[l]=a;return i.slice(Math.min(l.length,n.length))}).join(`
`)}function en(t,e,r,o){if(!e.includes("<"))return!1;for(let n=0;n<e.length;n++){if(e[n]==="\\"){n++;continue}if(e[n]==="`"){let l=o.inline.code.exec(e.slice(n));if(l){n+=l[0].length-1;continue}}if(e[n]!=="<")continue;let i=t.slice(r+n),a=o.inline.tag.exec(i)||o.inline.autolink.exec(i);if(a){if(a[0].length>e.length-n)return!0;n+=a[0].length-1}}return!1}var _e=class{options;rules;lexer;constructor(t){this.options=t||Pe}space(t){let e=this.rules.block.newline.exec(t);if(e&&e[0].length>0)return{type:"space",raw:e[0]}}code(t){let e=this.rules.block.code.exec(t);if(e){let r=this.options.pedantic?e[0]:Ko(e[0]),o=r.replace(this.rules.other.codeRemoveIndent,"");return{type:"code",raw:r,codeBlockStyle:"indented",text:o}}}fences(t){let e=this.rules.block.fences.exec(t);if(e){let r=e[0],o=ha(r,e[3]||"",this.rules);return e[3]!==void 0&&(o===""||o.endsWith(`
`))&&(o+=`
`),{type:"code",raw:r,lang:e[2]?e[2].trim().replace(this.rules.inline.anyPunctuation,"$1"):e[2],text:o}}}heading(t){let e=this.rules.block.heading.exec(t);if(e){let r=e[2].trim();if(this.rules.other.endingHash.test(r)){let o=ue(r,"#");(this.options.pedantic||!o||this.rules.other.endingSpaceTabChar.test(o))&&(r=o.trim())}return{type:"heading",raw:ue(e[0],`
`),depth:e[1].length,text:r,tokens:this.lexer.inline(r)}}}hr(t){let e=this.rules.block.hr.exec(t);if(e)return{type:"hr",raw:ue(e[0],`
`)}}blockquote(t){let e=this.rules.block.blockquote.exec(t);if(e){let r=ue(e[0],`
`).split(`
`),o="",n="",i=[];for(;r.length>0;){let a=!1,l=[],c;for(c=0;c<r.length;c++)if(this.rules.other.blockquoteStart.test(r[c]))l.push(r[c]),a=!0;else if(!a)l.push(r[c]);else break;r=r.slice(c);let m=l.join(`
`),u=m.replace(this.rules.other.blockquoteMarkerWhitespace,($,y,S)=>S.startsWith(" ")?y+" "+S.slice(1):y+Lt(S,y.length)).replace(this.rules.other.blockquoteSetextReplace,`
    $1`).replace(this.rules.other.blockquoteSetextReplace2,"");o=o?`${o}
${m}`:m,n=n?`${n}
${u}`:u;let f=this.lexer.state.top;if(this.lexer.state.top=!0,this.lexer.blockTokens(u,i,!0),this.lexer.state.top=f,r.length===0)break;let h=i.at(-1);if(h?.type==="code"||h?.type==="heading"||h?.type==="hr"||h?.type==="html"||h?.type==="table")break;if(h?.type==="blockquote"){let $=h,y=r.join(`
`),S=$.raw+`
`+y.replace(this.rules.other.blockquoteSetextReplace2,""),v=this.blockquote(S);i[i.length-1]=v;let w=S.substring(v.raw.length).replace(/^\n/,""),_=w?w.split(`
`).length:0,A=_?r.slice(0,-_):r;if(A.length>0&&(o=`${o}
${A.join(`
`)}`),n=n.substring(0,n.length-$.text.length)+v.text,r=r.slice(A.length),r.length>0&&this.rules.other.blockquoteStart.test(r[0]))continue;break}else if(h?.type==="list"){let $=h,y=$.raw+`
`+r.join(`
`),S=this.list(y);i[i.length-1]=S;let v=S.raw.length>$.raw.length?y.slice($.raw.length+1,S.raw.length).split(`
`).length:0;if(v>0){let w=r.slice(0,v).join(`
`);o=`${o}
${w}`,n=`${n}
${w}`}if(r=r.slice(v),r.length>0&&!this.rules.other.blockquoteStart.test(r[0]))break;continue}}return{type:"blockquote",raw:o,tokens:i,text:n}}}list(t){let e=this.rules.block.list.exec(t);if(e){if(!this.options.pedantic&&this.lexer.state.lastToken?.type==="text"&&!this.rules.other.listInterruptsParagraph.test(t))return;let r=t,o=()=>r.length-t.length,n=e[1].trim(),i=n.length>1,a={type:"list",raw:"",ordered:i,start:i?+n.slice(0,-1):"",loose:!1,items:[]};n=i?`\\d{1,9}\\${n.slice(-1)}`:`\\${n}`,this.options.pedantic&&(n=i?n:"[*+-]");let l=this.rules.other.listItemRegex(n),c=!1;for(;t;){let f=!1,h="";if(!(e=l.exec(t))||this.rules.block.hr.test(t))break;let $=o();t=t.substring(e[0].length);let y=e[2].split(`
`,1)[0],S=e[1].length,v=this.options.pedantic?Lt(y,S):y.replace(this.rules.other.leadingSpaceTab,ae=>Lt(ae,S)),w=t.split(`
`,1)[0],_=!v.trim(),A=0;if(this.options.pedantic?(A=2,h=v.trimStart()):_?A=S+1:(A=v.search(this.rules.other.nonSpaceChar),A=A>4?1:A,h=v.slice(A),A+=S),_&&this.rules.other.blankLine.test(w)&&(t=t.substring(w.length+1),f=!0),!f){let ae=this.rules.other.nextBulletRegex(A),U=this.rules.other.hrRegex(A),le=this.rules.other.fencesBeginRegex(A),ve=this.options.pedantic?this.rules.other.pedanticHeadingBeginRegex(A):this.rules.other.headingBeginRegex(A),We=this.rules.other.htmlBeginRegex(A),ct=this.rules.other.blockquoteBeginRegex(A),Ht=!1;for(;t;){let Tr=t.split(`
`,1)[0],Ee;if(w=Tr,this.options.pedantic?(w=w.replace(this.rules.other.listReplaceNesting,"  "),Ee=w):Ee=w.replace(this.rules.other.leadingSpaceTab,X=>Lt(X)),le.test(w)||ve.test(w)||We.test(w)||ct.test(w)||ae.test(w)||U.test(w))break;if(Ee.search(this.rules.other.nonSpaceChar)>=A||!w.trim())h+=`
`+Ee.slice(A),Ht=!1;else{if(_)break;let X=v;if(!this.options.pedantic&&!h.includes(`
`)&&!v.includes("	")){let Fe;for(;!U.test(X)&&(Fe=this.rules.other.nestedBlockMarker.exec(X));)X=X.slice(Fe[0].length);if(!X.trim())break}if(X.replace(this.rules.other.tabCharGlobal,"    ").search(this.rules.other.nonSpaceChar)>=4||le.test(X)||ve.test(X)||We.test(X)||U.test(X))break;if(!this.options.pedantic&&!Ht){let Fe=v.replace(this.rules.other.nestedContainerMarkers,"");if(this.rules.block.fences.test(Fe)||this.rules.block.heading.test(Fe)||this.rules.block.hr.test(Fe))break}let Ds=!this.options.pedantic&&/^ {0,3}(?:=+|-+) *$/.test(w)&&this.rules.block.lheading.test(`${v}
${w}`)?`    ${Ee.replace(/^ {0,3}/,"")}`:w;h+=`
`+Ds,Ht=!0}_=!w.trim(),t=t.substring(Tr.length+1),v=Ee.slice(A)}}let te=r.slice($,o());a.loose||(c?a.loose=!0:this.rules.other.doubleBlankLine.test(te)&&(c=!0)),a.items.push({type:"list_item",raw:te,task:!!this.options.gfm&&this.rules.other.listIsTask.test(h),loose:!1,text:h,tokens:[]})}let m=a.items.at(-1);if(m)m.raw=m.raw.trimEnd(),m.text=m.text.trimEnd();else return;a.raw=r.slice(0,o()).trimEnd();let u=[];for(let f of a.items)if(this.lexer.state.top=!1,u.push(this.lexer.inlineQueue.length),f.tokens=this.lexer.blockTokens(f.text,[]),!a.loose){let h=f.tokens.filter(y=>y.type==="space"),$=h.length>0&&h.some(y=>this.rules.other.anyLine.test(y.raw));a.loose=$}for(let f=0;f<a.items.length;f++){let h=a.items[f],$=h.tokens[0];if(h.task&&($?.type==="text"||$?.type==="paragraph")){h.text=h.text.replace(this.rules.other.listReplaceTask,""),$.raw=$.raw.replace(this.rules.other.listReplaceTask,""),$.text=$.text.replace(this.rules.other.listReplaceTask,"");let y=this.lexer.inlineQueue;for(let v=u[f];v<y.length;v++)if(y[v].tokens===$.tokens){y[v].src=y[v].src.replace(this.rules.other.listReplaceTask,"");break}let S=this.rules.other.listTaskCheckbox.exec(h.raw);if(S){let v={type:"checkbox",raw:S[0]+" ",checked:S[0]!=="[ ]"};h.checked=v.checked,a.loose?h.tokens[0]&&["paragraph","text"].includes(h.tokens[0].type)&&"tokens"in h.tokens[0]&&h.tokens[0].tokens?(h.tokens[0].raw=v.raw+h.tokens[0].raw,h.tokens[0].text=v.raw+h.tokens[0].text,h.tokens[0].tokens.unshift(v)):h.tokens.unshift({type:"paragraph",raw:v.raw,text:v.raw,tokens:[v]}):h.tokens.unshift(v)}}else h.task&&(h.task=!1)}if(a.loose)for(let f of a.items){f.loose=!0;for(let h of f.tokens)h.type==="text"&&(h.type="paragraph")}return a}}html(t){let e=this.rules.block.html.exec(t);if(e){if(this.lexer.state.lastToken?.type==="paragraph"&&!this.rules.other.htmlBeginRegex(4).test(t))return;let r=Ko(e[0]);return{type:"html",block:!0,raw:r,pre:e[1]==="pre"||e[1]==="script"||e[1]==="style",text:r}}}def(t){let e=this.rules.block.def.exec(t);if(e){if(!this.rules.other.startAngleBracket.test(e[2])&&Xo(e[2],"()")!==-1)return;let r=Ft(e[1]),o=e[2]?e[2].replace(this.rules.other.hrefBrackets,"$1").replace(this.rules.inline.anyPunctuation,"$1"):"",n=e[3]?e[3].substring(1,e[3].length-1).replace(this.rules.inline.anyPunctuation,"$1"):e[3];return{type:"def",tag:r,raw:ue(e[0],`
`),href:o,title:n}}}table(t){let e=this.rules.block.table.exec(t);if(!e||!this.rules.other.tableDelimiter.test(e[2]))return;let r=Go(e[1]),o=e[2].replace(this.rules.other.tableAlignChars,"").split("|"),n=e[3]?.trim()?e[3].replace(this.rules.other.tableRowBlankLine,"").split(`
`):[],i={type:"table",raw:ue(e[0],`
`),header:[],align:[],rows:[]};if(r.length===o.length){for(let a of o)this.rules.other.tableAlignRight.test(a)?i.align.push("right"):this.rules.other.tableAlignCenter.test(a)?i.align.push("center"):this.rules.other.tableAlignLeft.test(a)?i.align.push("left"):i.align.push(null);for(let a=0;a<r.length;a++)i.header.push({text:r[a],tokens:this.lexer.inline(r[a]),header:!0,align:i.align[a]});for(let a of n)i.rows.push(Go(a,i.header.length).map((l,c)=>({text:l,tokens:this.lexer.inline(l),header:!1,align:i.align[c]})));return i}}lheading(t){let e=this.rules.block.lheading.exec(t);if(e){let r=e[1].trim();return{type:"heading",raw:ue(e[0],`
`),depth:e[2].charAt(0)==="="?1:2,text:r,tokens:this.lexer.inline(r)}}}paragraph(t){let e=this.rules.block.paragraph.exec(t);if(e){let r=e[1].charAt(e[1].length-1)===`
`?e[1].slice(0,-1):e[1];return{type:"paragraph",raw:e[0],text:r,tokens:this.lexer.inline(r)}}}text(t){let e=this.rules.block.text.exec(t);if(e)return{type:"text",raw:e[0],text:e[0],tokens:this.lexer.inline(e[0])}}escape(t){if(t.charCodeAt(0)!==92)return;let e=this.rules.inline.escape.exec(t);if(e)return{type:"escape",raw:e[0],text:e[1]}}tag(t){if(t.charCodeAt(0)!==60)return;let e=this.rules.inline.tag.exec(t);if(e)return!this.lexer.state.inLink&&this.rules.other.startATag.test(e[0])?this.lexer.state.inLink=!0:this.lexer.state.inLink&&this.rules.other.endATag.test(e[0])&&(this.lexer.state.inLink=!1),!this.lexer.state.inRawBlock&&this.rules.other.startPreScriptTag.test(e[0])?this.lexer.state.inRawBlock=!0:this.lexer.state.inRawBlock&&this.rules.other.endPreScriptTag.test(e[0])&&(this.lexer.state.inRawBlock=!1),{type:"html",raw:e[0],inLink:this.lexer.state.inLink,inRawBlock:this.lexer.state.inRawBlock,block:!1,text:e[0]}}link(t){if(this.lexer.state.linkParenPossible===!1)return;let e=t.charCodeAt(0);if(e!==91&&e!==33)return;let r=this.rules.inline.link.exec(t);if(r){let o=r[0].charAt(0)==="!"?2:1;if(!this.options.pedantic&&en(t,r[1],o,this.rules))return;let n=r[2].trim();if(!this.options.pedantic&&this.rules.other.startAngleBracket.test(n)){if(!this.rules.other.endAngleBracket.test(n))return;let c=ue(n.slice(0,-1),"\\");if((n.length-c.length)%2===0)return}else{let c=Xo(r[2],"()");if(c===-2)return;if(c>-1){let m=(r[0].indexOf("!")===0?5:4)+r[1].length+c;r[2]=r[2].substring(0,c),r[0]=r[0].substring(0,m).trim(),r[3]=""}}let i=ue(r[0].slice(0,-1),"\\");if((r[0].length-i.length)%2===0)return;let a=r[2],l="";if(this.options.pedantic){let c=this.rules.other.pedanticHrefTitle.exec(a);c&&(a=c[1],l=c[3])}else l=r[3]?r[3].slice(1,-1):"";return a=a.trim(),this.rules.other.startAngleBracket.test(a)&&(this.options.pedantic&&!this.rules.other.endAngleBracket.test(n)?a=a.slice(1):a=a.slice(1,-1)),Jo(r,{href:a&&a.replace(this.rules.inline.anyPunctuation,"$1"),title:l&&l.replace(this.rules.inline.anyPunctuation,"$1")},r[0],this.lexer,this.rules)}}reflink(t,e){let r=t.charCodeAt(0);if(r!==91&&r!==33)return;let o;if((o=this.rules.inline.reflink.exec(t))||(o=this.rules.inline.nolink.exec(t))){let n=o[0].charAt(0)==="!"?2:1;if(!this.options.pedantic&&en(t,o[1],n,this.rules))return;let i=e[Ft(o[2]||o[1])];if(!i){let a=o[0].charAt(0);return{type:"text",raw:a,text:a}}return Jo(o,i,o[0],this.lexer,this.rules)}}emStrong(t,e,r=""){let o=this.rules.inline.emStrongLDelim.exec(t);if(!o||!o[1]&&!o[2]&&!o[3]&&!o[4])return;let n=o[0][0],i=r===n,a=e.length-t.length,l=a;for(;!this.options.pedantic&&l>0&&e[l-1]===n;)l--;let c=[...e.slice(Math.max(0,l-2),l)].at(-1)??"",m=c==="*"||c==="_"||!!this.rules.inline.punctuation.exec(c);l<a&&(r=c);let u=l<a?m:r==="*"||r==="_"||!!this.rules.inline.punctuation.exec(r);if(o[4]&&r.match(this.rules.other.unicodeAlphaNumeric))return;let f=o[1]||o[3]||"";if(!f||!r||u){let h=[...o[0]].length-1,$,y,S=h,v=0,w=a-l+h,_=!this.options.pedantic&&!!c.trim()&&(!!f||n==="*"&&!m);if(n!=="*"&&n!=="_")return;let A=n==="*"?this.rules.inline.emStrongRDelimAst:this.rules.inline.emStrongRDelimUnd,te=pn(this,e,n),ae=e.length-t.length+h;if(te<ae)return;e=e.slice(-1*t.length+h);let U=te-ae;for(A.lastIndex=0;(o=A.exec(e))!==null&&!(o.index>U);){if($=o[1]||o[2]||o[3]||o[4]||o[5]||o[6],!$)continue;if(y=[...$].length,o[3]||o[4]){S+=y;continue}else if((o[5]||o[6]||_)&&w%3&&!((w+y)%3)){if(i&&(o[5]||o[6]))break;v+=y;continue}if(S-=y,S>0)continue;y=Math.min(y,y+S+v);let le=[...o[0]][0].length,ve=t.slice(0,h+o.index+le+y);if(Math.min(h,y)%2){let ct=ve.slice(1,-1);return{type:"em",raw:ve,text:ct,tokens:this.lexer.inlineTokens(ct)}}let We=ve.slice(2,-2);return{type:"strong",raw:ve,text:We,tokens:this.lexer.inlineTokens(We)}}}}codespan(t){if(t.charCodeAt(0)!==96)return;let e=this.rules.inline.code.exec(t);if(e){let r=e[2].replace(this.rules.other.newLineCharGlobal," "),o=this.rules.other.nonSpaceChar.test(r),n=this.rules.other.startingSpaceChar.test(r)&&this.rules.other.endingSpaceChar.test(r);return o&&n&&(r=r.substring(1,r.length-1)),{type:"codespan",raw:e[0],text:r}}}br(t){let e=t.charCodeAt(0);if(e!==32&&e!==92&&e!==10)return;let r=this.rules.inline.br.exec(t);if(r)return{type:"br",raw:r[0]}}del(t,e,r=""){if(t.charCodeAt(0)!==126)return;let o=this.rules.inline.delLDelim.exec(t);if(o&&(!o[1]||!r||this.rules.inline.punctuation.exec(r))){let n=[...o[0]].length-1,i,a,l=n,c=this.rules.inline.delRDelim,m=mn(this,e),u=e.length-t.length+n;if(m<u)return;e=e.slice(-1*t.length+n);let f=m-u;for(c.lastIndex=0;(o=c.exec(e))!==null&&!(o.index>f);){if(i=o[1]||o[2]||o[3]||o[4]||o[5]||o[6],!i||(a=[...i].length,a!==n))continue;if(o[3]||o[4]){l+=a;continue}if(l-=a,l>0)continue;a=Math.min(a,a+l);let h=[...o[0]][0].length,$=t.slice(0,n+o.index+h+a),y=$.slice(n,-n);return{type:"del",raw:$,text:y,tokens:this.lexer.inlineTokens(y)}}}}autolink(t){if(t.charCodeAt(0)!==60)return;let e=this.rules.inline.autolink.exec(t);if(e){let r,o;return e[2]==="@"?(r=e[1],o="mailto:"+r):(r=e[1],o=r),{type:"link",raw:e[0],text:r,href:o,autolink:!0,tokens:[{type:"text",raw:r,text:r}]}}}url(t){let e;if(e=this.rules.inline.url.exec(t)){let r,o;if(e[2]==="@")r=e[0],o="mailto:"+r;else{let n;do n=e[0],e[0]=this.rules.inline._backpedal.exec(e[0])?.[0]??"";while(n!==e[0]);r=e[0],e[1]==="www."?o="http://"+e[0]:o=e[0]}return{type:"link",raw:e[0],text:r,href:o,autolink:!0,tokens:[{type:"text",raw:r,text:r}]}}}inlineText(t){let e=this.rules.inline.text.exec(t);if(e){let r=this.lexer.state.inRawBlock;return{type:"text",raw:e[0],text:r?e[0]:da(e[0]),escaped:r}}}},K=class Xt{tokens;options;state;inlineQueue;tokenizer;constructor(e){this.tokens=[],this.tokens.links=Object.create(null),this.options=e||Pe,this.options.tokenizer=this.options.tokenizer||new _e,this.tokenizer=this.options.tokenizer,this.tokenizer.options=this.options,this.tokenizer.lexer=this,this.inlineQueue=[],this.state={inLink:!1,inRawBlock:!1,linkEmitted:!1,linkParenPossible:!0,top:!0};let r={other:z,block:Pt.normal,inline:et.normal};this.options.pedantic?(r.block=Pt.pedantic,r.inline=et.pedantic):this.options.gfm&&(r.block=Pt.gfm,this.options.breaks?r.inline=et.breaks:r.inline=et.gfm),this.tokenizer.rules=r}static get rules(){return{block:Pt,inline:et}}static lex(e,r){return new Xt(r).lex(e)}static lexInline(e,r){return new Xt(r).inlineTokens(e)}lex(e){e=e.replace(z.carriageReturn,`
`),this.blockTokens(e,this.tokens);for(let r=0;r<this.inlineQueue.length;r++){let o=this.inlineQueue[r];this.state.inRawBlock=!1,this.inlineTokens(o.src,o.tokens)}return this.inlineQueue=[],this.tokens}blockTokens(e,r=[],o=!1){this.tokenizer.lexer=this;let n=this.state.lastToken;this.options.pedantic&&(e=e.replace(z.tabCharGlobal,"    ").replace(z.spaceLine,""));let i=1/0,a,l=this.options.gfm&&!this.options.pedantic&&this.tokenizer.paragraph===_e.prototype.paragraph;for(;e;){if(e.length<i)i=e.length;else{this.infiniteLoopError(e.charCodeAt(0));break}this.state.lastToken=r.at(-1);let c;if(this.options.extensions?.block?.some(u=>(c=u.call({lexer:this},e,r))?(e=e.substring(c.raw.length),r.push(c),!0):!1))continue;if(c=this.tokenizer.space(e)){e=e.substring(c.raw.length);let u=r.at(-1);c.raw.length===1&&u!==void 0?u.raw+=`
`:r.push(c);continue}if(c=this.tokenizer.code(e)){e=e.substring(c.raw.length);let u=r.at(-1);u?.type==="paragraph"||u?.type==="text"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+c.raw,u.text+=`
`+c.text,this.inlineQueue.at(-1).src=u.text):r.push(c);continue}if(c=this.tokenizer.fences(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.heading(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.hr(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.blockquote(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.list(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.html(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.def(e)){e=e.substring(c.raw.length);let u=r.at(-1);u?.type==="paragraph"||u?.type==="text"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+c.raw,u.text+=`
`+c.raw,this.inlineQueue.at(-1).src=u.text):(this.tokens.links[c.tag]||(this.tokens.links[c.tag]={href:c.href,title:c.title}),r.push(c));continue}if(c=this.tokenizer.table(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.lheading(e)){e=e.substring(c.raw.length),r.push(c);continue}let m=e;if(this.options.extensions?.startBlock){let u=1/0,f=e.slice(1),h;this.options.extensions.startBlock.forEach($=>{h=$.call({lexer:this},f),typeof h=="number"&&h>=0&&(u=Math.min(u,h))}),u<1/0&&u>=0&&(m=e.substring(0,u+1))}if(this.state.top&&(c=this.tokenizer.paragraph(m))){let u=r.at(-1);(o||u===a&&l)&&u?.type==="paragraph"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+c.raw,u.text+=`
`+c.text,this.inlineQueue.pop(),this.inlineQueue.at(-1).src=u.text,a=u):(r.push(c),a=c),o=m.length!==e.length,e=e.substring(c.raw.length);continue}if(c=this.tokenizer.text(e)){e=e.substring(c.raw.length);let u=r.at(-1);u?.type==="text"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+c.raw,u.text+=`
`+c.text,this.inlineQueue.pop(),this.inlineQueue.at(-1).src=u.text):r.push(c);continue}if(e){this.infiniteLoopError(e.charCodeAt(0));break}}return this.state.top=!0,this.state.lastToken=n,r}inline(e,r=[]){return this.inlineQueue.push({src:e,tokens:r}),r}linkInText(e){if(!e.includes("["))return!1;let r=this.tokenizer.rules.inline.link;for(let o of e.matchAll(this.tokenizer.rules.inline.blockSkip))if(r.test(o[0])&&e.charAt(o.index-1)!=="!")return!0;for(let o of e.matchAll(this.tokenizer.rules.inline.reflinkSearch)){let n=o[0],i=n.lastIndexOf("[");if(!(n.charAt(0)==="!"||!Object.hasOwn(this.tokens.links,Ft(n.slice(i+1,-1))))&&!(i>1&&this.linkInText(n.slice(1,i-1))))return!0}return!1}inlineTokens(e,r=[]){this.tokenizer.lexer=this;let o=this.state.linkParenPossible;this.state.linkParenPossible=e.includes(")");try{return this.#e(e,r)}finally{this.state.linkParenPossible=o}}#e(e,r){let o=e.includes("*")||e.includes("_")||e.includes("~"),n=o||this.options.hooks?.emStrongMask||this.tokenizer.emStrong!==_e.prototype.emStrong||this.tokenizer.del!==_e.prototype.del?this.#n(e):e;if(!o)return this.#r(e,n,r);ua(this.tokenizer,n);try{return this.#r(e,n,r)}finally{pa(this.tokenizer)}}#r(e,r,o){let n=!1,i="",a=1/0;for(;e;){if(e.length<a)a=e.length;else{this.infiniteLoopError(e.charCodeAt(0));break}n||(i=""),n=!1;let l;if(this.options.extensions?.inline?.some(u=>(l=u.call({lexer:this},e,o))?(e=e.substring(l.raw.length),o.push(l),!0):!1))continue;if(l=this.tokenizer.escape(e)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.tag(e)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.link(e)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.reflink(e,this.tokens.links)){e=e.substring(l.raw.length);let u=o.at(-1);l.type==="text"&&u?.type==="text"?(u.raw+=l.raw,u.text+=l.text):o.push(l);continue}let c=e[0];if(c==="*"||c==="_"){let u=r.length-e.length;if(pn(this.tokenizer,r,c)<=u){let f=1;for(;f<e.length&&e.charCodeAt(f)===c.charCodeAt(0);)f++;let h=e.substring(0,f),$=o.at(-1);$?.type==="text"&&!$.escaped?($.raw+=h,$.text+=h):o.push({type:"text",raw:h,text:h,escaped:!1}),e=e.substring(f),i=c,n=!0;continue}}else if(c==="~"){let u=r.length-e.length;if(mn(this.tokenizer,r)<=u){let f=1;for(;f<e.length&&e.charCodeAt(f)===126;)f++;let h=e.substring(0,f),$=o.at(-1);$?.type==="text"&&!$.escaped?($.raw+=h,$.text+=h):o.push({type:"text",raw:h,text:h,escaped:!1}),e=e.substring(f),i=c,n=!0;continue}}if(l=this.tokenizer.emStrong(e,r,i)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.codespan(e)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.br(e)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.del(e,r,i)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.autolink(e)){e=e.substring(l.raw.length),o.push(l);continue}if(!this.state.inLink&&(l=this.tokenizer.url(e))){e=e.substring(l.raw.length),o.push(l);continue}let m=e;if(this.options.extensions?.startInline){let u=1/0,f=e.slice(1),h;this.options.extensions.startInline.forEach($=>{h=$.call({lexer:this},f),typeof h=="number"&&h>=0&&(u=Math.min(u,h))}),u<1/0&&u>=0&&(m=e.substring(0,u+1))}if(l=this.tokenizer.inlineText(m)){e=e.substring(l.raw.length),l.raw.slice(-1)!=="_"&&(i=l.raw.slice(-1)),n=!0;let u=o.at(-1);u?.type==="text"?(u.raw+=l.raw,u.text+=l.text):o.push(l);continue}if(e){this.infiniteLoopError(e.charCodeAt(0));break}}return o}#t(e){let{blockSkip:r,tag:o,autolink:n}=this.tokenizer.rules.inline,i="",a=0,l;for(r.lastIndex=0;l=r.exec(e);){let c=l.index+(l[2]?l[2].length:0),m=l.index+l[0].length;if(e.charAt(c)==="<"){let u=e.slice(c),f=o.exec(u)||n.exec(u);if(!f){r.lastIndex=c+1;continue}m=c+f[0].length,r.lastIndex=m}i+=e.slice(a,c)+"["+"a".repeat(m-c-2)+"]",a=m}return i+e.slice(a)}#n(e){let r=e;if(this.tokens.links&&e.includes("[")){let o=this.tokenizer.rules.inline.reflinkSearch,n=i=>{let a=i.lastIndexOf("[");if(!Object.hasOwn(this.tokens.links,Ft(i.slice(a+1,-1))))return i;if(a>1&&i.charAt(0)!=="!"){let l=i.slice(1,a-1);if(this.linkInText(l))return"["+l.replace(o,n)+"]["+"a".repeat(i.length-a-2)+"]"}return"["+"a".repeat(i.length-2)+"]"};r=r.replace(o,n)}return r=r.replace(this.tokenizer.rules.inline.anyPunctuationOutsideCode,(o,n,i)=>i?"+".repeat(o.length):n?n+o.slice(n.length,-n.length).replace(/`/g,"+")+n:o),r=this.#t(r),r=this.options.hooks?.emStrongMask?.call({lexer:this},r)??r,r}infiniteLoopError(e){let r="Infinite loop on byte: "+e;if(this.options.silent)console.error(r);else throw new Error(r)}},It=class{options;parser;constructor(t){this.options=t||Pe}space(t){return""}code({text:t,lang:e,escaped:r}){let o=(e||"").match(z.notSpaceStart)?.[0],n=t?t.replace(z.endingNewline,"")+`
`:"";return o?'<pre><code class="language-'+G(o)+'">'+(r?n:G(n,!0))+`</code></pre>
`:"<pre><code>"+(r?n:G(n,!0))+`</code></pre>
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
`}strong({tokens:t}){return`<strong>${this.parser.parseInline(t)}</strong>`}em({tokens:t}){return`<em>${this.parser.parseInline(t)}</em>`}codespan({text:t}){return`<code>${G(t,!0)}</code>`}br(t){return"<br>"}del({tokens:t}){return`<del>${this.parser.parseInline(t)}</del>`}link({href:t,title:e,text:r,tokens:o,autolink:n}){let i=n?G(r,!0):this.parser.parseInline(o),a=Qo(t);if(a===null)return i;t=G(a,n);let l='<a href="'+t+'"';return e&&(l+=' title="'+G(e)+'"'),l+=">"+i+"</a>",l}image({href:t,title:e,text:r,tokens:o}){o&&(r=this.parser.parseInline(o,this.parser.textRenderer));let n=Qo(t);if(n===null)return G(r);t=n;let i=`<img src="${G(t)}" alt="${G(r)}"`;return e&&(i+=` title="${G(e)}"`),i+=">",i}text(t){return"tokens"in t&&t.tokens?this.parser.parseInline(t.tokens):"escaped"in t&&t.escaped?t.text:G(t.text)}},cr=class{parser;strong({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}em({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}codespan({text:t}){return t}del({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}html({text:t}){return t}text({text:t}){return t}link({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}image({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}br(){return`
`}checkbox({raw:t}){return t}},oe=class Jt{options;renderer;textRenderer;constructor(e){this.options=e||Pe,this.options.renderer=this.options.renderer||new It,this.renderer=this.options.renderer,this.renderer.options=this.options,this.renderer.parser=this,this.textRenderer=new cr,this.textRenderer.parser=this}static parse(e,r){return new Jt(r).parse(e)}static parseInline(e,r){return new Jt(r).parseInline(e)}parse(e){this.renderer.parser=this;let r="";for(let o=0;o<e.length;o++){let n=e[o];if(this.options.extensions?.renderers?.[n.type]){let a=n,l=this.options.extensions.renderers[a.type].call({parser:this},a);if(l!==!1||!["space","hr","heading","code","table","blockquote","list","checkbox","html","def","paragraph","text"].includes(a.type)){r+=l===!1?"":l??"";continue}}let i=n;switch(i.type){case"space":{r+=this.renderer.space(i);break}case"hr":{r+=this.renderer.hr(i);break}case"heading":{r+=this.renderer.heading(i);break}case"code":{r+=this.renderer.code(i);break}case"table":{r+=this.renderer.table(i);break}case"blockquote":{r+=this.renderer.blockquote(i);break}case"list":{r+=this.renderer.list(i);break}case"checkbox":{r+=this.renderer.checkbox(i);break}case"html":{r+=this.renderer.html(i);break}case"def":{r+=this.renderer.def(i);break}case"paragraph":{r+=this.renderer.paragraph(i);break}case"text":{r+=this.renderer.text(i);break}default:{let a='Token with "'+i.type+'" type was not found.';if(this.options.silent)return console.error(a),"";throw new Error(a)}}}return r}parseInline(e,r=this.renderer){this.renderer.parser=this;let o="";for(let n=0;n<e.length;n++){let i=e[n];if(this.options.extensions?.renderers?.[i.type]){let l=this.options.extensions.renderers[i.type].call({parser:this},i);if(l!==!1||!["escape","html","link","image","checkbox","strong","em","codespan","br","del","text"].includes(i.type)){o+=l===!1?"":l??"";continue}}let a=i;switch(a.type){case"escape":{o+=r.text(a);break}case"html":{o+=r.html(a);break}case"link":{o+=r.link(a);break}case"image":{o+=r.image(a);break}case"checkbox":{o+=r.checkbox(a);break}case"strong":{o+=r.strong(a);break}case"em":{o+=r.em(a);break}case"codespan":{o+=r.codespan(a);break}case"br":{o+=r.br(a);break}case"del":{o+=r.del(a);break}case"text":{o+=r.text(a);break}default:{let l='Token with "'+a.type+'" type was not found.';if(this.options.silent)return console.error(l),"";throw new Error(l)}}}return o}},tt=class{options;block;constructor(t){this.options=t||Pe}static passThroughHooks=new Set(["preprocess","postprocess","processAllTokens","emStrongMask"]);static passThroughHooksRespectAsync=new Set(["preprocess","postprocess","processAllTokens"]);preprocess(t){return t}postprocess(t){return t}processAllTokens(t){return t}emStrongMask(t){return t}provideLexer(t=this.block){return t?K.lex:K.lexInline}provideParser(t=this.block){return t?oe.parse:oe.parseInline}};function ye(t,e){if(Array.isArray(e))for(let r=0;r<e.length;r++)t.push(e[r]);else t.push(e)}var fa=class{defaults=er();options=this.setOptions;parse=this.parseMarkdown(!0);parseInline=this.parseMarkdown(!1);Parser=oe;Renderer=It;TextRenderer=cr;Lexer=K;Tokenizer=_e;Hooks=tt;constructor(...t){this.use(...t)}walkTokens(t,e){let r=[];for(let o of t)switch(ye(r,e.call(this,o)),o.type){case"table":{let n=o;for(let i of n.header)ye(r,this.walkTokens(i.tokens,e));for(let i of n.rows)for(let a of i)ye(r,this.walkTokens(a.tokens,e));break}case"list":{let n=o;ye(r,this.walkTokens(n.items,e));break}default:{let n=o;this.defaults.extensions?.childTokens?.[n.type]?this.defaults.extensions.childTokens[n.type].forEach(i=>{let a=n[i].flat(1/0);ye(r,this.walkTokens(a,e))}):n.tokens&&ye(r,this.walkTokens(n.tokens,e))}}return r}use(...t){let e=this.defaults.extensions||{renderers:Object.create(null),childTokens:Object.create(null)};return t.forEach(r=>{let o={...r};if(o.async=this.defaults.async||o.async||!1,r.extensions&&(r.extensions.forEach(n=>{if(!n.name)throw new Error("extension name required");if("renderer"in n){let i=e.renderers[n.name];i?e.renderers[n.name]=function(...a){let l=n.renderer.apply(this,a);return l===!1&&(l=i.apply(this,a)),l}:e.renderers[n.name]=n.renderer}if("tokenizer"in n){if(!n.level||n.level!=="block"&&n.level!=="inline")throw new Error("extension level must be 'block' or 'inline'");let i=e[n.level];i?i.unshift(n.tokenizer):e[n.level]=[n.tokenizer],n.start&&(n.level==="block"?e.startBlock?e.startBlock.push(n.start):e.startBlock=[n.start]:n.level==="inline"&&(e.startInline?e.startInline.push(n.start):e.startInline=[n.start]))}"childTokens"in n&&n.childTokens&&(e.childTokens[n.name]=n.childTokens)}),o.extensions=e),r.renderer){let n=this.defaults.renderer||new It(this.defaults);for(let i in r.renderer){if(!(i in n))throw new Error(`renderer '${i}' does not exist`);if(["options","parser"].includes(i))continue;let a=i,l=r.renderer[a],c=n[a];n[a]=(...m)=>{let u=l.apply(n,m);return u===!1&&(u=c.apply(n,m)),u===!1?"":u??""}}o.renderer=n}if(r.tokenizer){let n=this.defaults.tokenizer||new _e(this.defaults);for(let i in r.tokenizer){if(!(i in n))throw new Error(`tokenizer '${i}' does not exist`);if(["options","rules","lexer"].includes(i))continue;let a=i,l=r.tokenizer[a],c=n[a];n[a]=(...m)=>{let u=l.apply(n,m);return u===!1&&(u=c.apply(n,m)),u}}o.tokenizer=n}if(r.hooks){let n=this.defaults.hooks||new tt;for(let i in r.hooks){if(!(i in n))throw new Error(`hook '${i}' does not exist`);if(["options","block"].includes(i))continue;let a=i,l=r.hooks[a],c=n[a];tt.passThroughHooks.has(i)?n[a]=m=>{if(n.options.async&&tt.passThroughHooksRespectAsync.has(i))return(async()=>{let f=await l.call(n,m);return c.call(n,f)})();let u=l.call(n,m);return c.call(n,u)}:n[a]=(...m)=>{if(n.options.async)return(async()=>{let f=await l.apply(n,m);return f===!1&&(f=await c.apply(n,m)),f})();let u=l.apply(n,m);return u===!1&&(u=c.apply(n,m)),u}}o.hooks=n}if(r.walkTokens){let n=this.defaults.walkTokens,i=r.walkTokens;o.walkTokens=function(a){let l=[];return ye(l,i.call(this,a)),n&&ye(l,n.call(this,a)),l}}this.defaults={...this.defaults,...o}}),this}setOptions(t){return this.defaults={...this.defaults,...t},this}lexer(t,e){return K.lex(t,e??this.defaults)}parser(t,e){return oe.parse(t,e??this.defaults)}parseMarkdown(t){return(e,r)=>{let o={...r},n={...this.defaults,...o},i=this.onError(!!n.silent,!!n.async);if(this.defaults.async===!0&&o.async===!1)return i(new Error("marked(): The async option was set to true by an extension. Remove async: false from the parse options object to return a Promise."));if(typeof e>"u"||e===null)return i(new Error("marked(): input parameter is undefined or null"));if(typeof e!="string")return i(new Error("marked(): input parameter is of type "+Object.prototype.toString.call(e)+", string expected"));if(n.hooks&&(n.hooks.options=n,n.hooks.block=t),n.async)return(async()=>{let a=n.hooks?await n.hooks.preprocess(e):e,l=await(n.hooks?await n.hooks.provideLexer(t):t?K.lex:K.lexInline)(a,n),c=n.hooks?await n.hooks.processAllTokens(l):l;n.walkTokens&&await Promise.all(this.walkTokens(c,n.walkTokens));let m=await(n.hooks?await n.hooks.provideParser(t):t?oe.parse:oe.parseInline)(c,n);return n.hooks?await n.hooks.postprocess(m):m})().catch(i);try{n.hooks&&(e=n.hooks.preprocess(e));let a=(n.hooks?n.hooks.provideLexer(t):t?K.lex:K.lexInline)(e,n);n.hooks&&(a=n.hooks.processAllTokens(a)),n.walkTokens&&this.walkTokens(a,n.walkTokens);let l=(n.hooks?n.hooks.provideParser(t):t?oe.parse:oe.parseInline)(a,n);return n.hooks&&(l=n.hooks.postprocess(l)),l}catch(a){return i(a)}}}onError(t,e){return r=>{if(r.message+=`
Please report this to https://github.com/markedjs/marked.`,t){let o="<p>An error occurred:</p><pre>"+G(r.message+"",!0)+"</pre>";return e?Promise.resolve(o):o}if(e)return Promise.reject(r);throw r}}},Re=new fa;function P(t,e){return Re.parse(t,e)}P.options=P.setOptions=function(t){return Re.setOptions(t),P.defaults=Re.defaults,tn(P.defaults),P};P.getDefaults=er;P.defaults=Pe;function $a(...t){return Re.use(...t),P.defaults=Re.defaults,tn(P.defaults),P}P.use=$a;P.walkTokens=function(t,e){return Re.walkTokens(t,e)};P.parseInline=Re.parseInline;P.Parser=oe;P.parser=oe.parse;P.Renderer=It;P.TextRenderer=cr;P.Lexer=K;P.lexer=K.lex;P.Tokenizer=_e;P.Hooks=tt;P.parse=P;var yu=P.options,wu=P.setOptions,vu=P.walkTokens,xu=P.parseInline;var Su=oe.parse,Tu=K.lex;var st={characters:5e4,inlineCharacters:4e3,depth:16,nodes:5e3},dr=class extends K{#e=0;blockTokens(e,r=[],o){return this.#r(e,r,()=>super.blockTokens(e,r,o))}inlineTokens(e,r=[]){return e.length>st.inlineCharacters?hn(e,r):this.#r(e,r,()=>super.inlineTokens(e,r))}#r(e,r,o){if(this.#e>=st.depth)return hn(e,r);this.#e++;try{return o()}finally{this.#e--}}};function hn(t,e){return e.push({type:"text",raw:t,text:t}),e}var pr=t=>t.slice(0,st.characters);function $n(t){let e=new dr({gfm:!0}).lex(pr(t)),r=new ur(e);return{nodes:r.children(e),truncated:r.isFull||t.length>st.characters}}var ur=class{#e=st.nodes;#r;constructor(e){let r=e.filter(({type:o})=>o==="heading").map(({depth:o})=>o);this.#r=3-Math.min(6,...r)}get isFull(){return this.#e<=0}children(e){return this.#t(e,r=>this.#n(r))}#t(e,r){let o=[];for(let n of e){if(this.isFull)break;this.#e--,o.push(r(n))}return o}#n(e){switch(e.type){case"space":case"def":case"checkbox":return null;case"heading":return D(`h${Math.min(e.depth+this.#r,6)}`,null,this.#o(e));case"paragraph":return D("p",null,this.#o(e));case"blockquote":case"strong":case"em":case"del":return D(e.type,null,this.#o(e));case"list":return D(e.ordered?"ol":"ul",e.ordered&&e.start!==1?{start:e.start}:null,this.#t(e.items,r=>this.#s(r)));case"table":return this.#i(e);case"code":return D("pre",null,D("code",null,e.text));case"codespan":return D("code",null,e.text);case"hr":case"br":return D(e.type,null);case"link":return fn(e.autolink?e.href:Dt(e.href),this.#o(e));case"image":return fn(Dt(e.href),Dt(e.text??"")||"Image");default:return this.#o(e)}}#o(e){if(e.tokens)return this.children(e.tokens);let r=e.text??e.raw;return e.type==="text"&&e.escaped===!1?Dt(r):r}#s(e){return e.task?D("li",{class:e.checked?"task done":"task"},D("span",{class:"box","aria-hidden":"true"}),D("span",{class:"hidden"},e.checked?"Done: ":"To do: "),this.#o(e)):D("li",null,this.#o(e))}#i(e){let r=o=>n=>D(o,n.align?{class:`align-${n.align}`}:null,this.#o(n));return D("div",{class:"table-scroll"},D("table",null,D("thead",null,D("tr",null,this.#t(e.header,r("th")))),D("tbody",null,this.#t(e.rows,o=>D("tr",null,this.#t(o,r("td")))))))}};function fn(t,e){let r=re(t,qr);return r?D("a",{href:r,target:"_blank",rel:"noopener noreferrer"},e):e}var ga={amp:"&",lt:"<",gt:">",quot:'"',apos:"'",nbsp:"\xA0",ndash:"\u2013",mdash:"\u2014",hellip:"\u2026",rsquo:"\u2019",lsquo:"\u2018"};function Dt(t){return t.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]+));/g,(e,r,o,n)=>{if(n)return ga[n]??e;let i=r?Number(r):parseInt(o,16);return i>0&&i<=1114111?String.fromCodePoint(i):"\uFFFD"})}function gn({text:t}){return s`
		<${Wt} key=${t} fallback=${s`<p class="plain-text" dir="auto">${pr(t)}</p>`}>
			<${ka} text=${t} />
		</${Wt}>`}function ka({text:t}){let{nodes:e,truncated:r}=J(()=>$n(t),[t]);return s`
		<div class="prose" dir="auto">${e}</div>
		${r&&s`<p class="muted">Only the beginning is shown, because this text is very long.</p>`}`}var mr={summary:"summary",action_items:"action items",highlights:"highlights",transcript:"transcript"};function kn(t,e){let r=mr[e];switch(t){case"waiting":return"Not ready yet. Fathom is asked again automatically.";case"none":return`Fathom has no ${r} for this meeting.`;default:return`The ${r} ${r.endsWith("s")?"have":"has"} not been copied yet. Fathom is asked after the next sync.`}}function bn({workspace:{jobs:t},meeting:e,part:r}){let{run:o,busy:n,error:i}=k(()=>t.requestParts(e.recording_id)),a=t.all.some(c=>c.kind==="fathom.parts"&&c.payload?.recording_id===e.recording_id&&fe(c)),l=e.parts?.[r];return l==="ready"?s`<p class="muted">Loading…</p>`:s`
		<p class="muted">
			${kn(l,r)}${" "}
			<${d} kind="link" busy=${n||a} aria-label=${`Ask Fathom again for the ${mr[r]}`} onClick=${o}>
				${a?"Asking Fathom\u2026":"Ask Fathom again"}
			</${d}>
			${i&&s`<span class="error" role="alert">${b(i)}</span>`}
		</p>`}function ie({label:t,checked:e,disabled:r,onChange:o}){return s`
		<label class="check-box">
			<input type="checkbox" checked=${e} disabled=${r} onChange=${n=>o(n.currentTarget.checked)} /> ${t}
		</label>`}var ba=1440*60*1e3;function hr({recordingID:t,link:e,onSaved:r,onCancel:o}){let[n,i]=g(!1),a=e?.id??"new",{run:l,busy:c,error:m}=k(async $=>{let y=Number($.get(`link-days-${a}`)),S=String($.get(`link-password-${a}`)??""),v=$.getAll(`link-shown-${a}`),w={title:v.includes("title"),summary:v.includes("summary"),transcript:v.includes("transcript"),...y>0&&{expires:new Date(Date.now()+y*ba).toISOString()},...(S||n)&&{password:n?"":S}};r(e?await E.send(`/api/shares/${e.id}`,{method:"PATCH",body:w}):await E.send("/api/shares",{method:"POST",body:{recording_id:t,...w}}))}),u=$=>{$.preventDefault(),l(new FormData($.currentTarget))},f=L(m,"password"),h=($,y)=>s`
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
			${e?.password&&s`<${ie} label="Remove the password" checked=${n} onChange=${i} />`}
			${!n&&s`
				<${T} id=${`link-password-${a}`} label=${e?.password?"New password":"Password"} type="text" minlength="8" maxlength="72" autocomplete="off"
					spellcheck=${!1} error=${f} hint=${e?.password?"Leave it blank to keep the present one.":"Optional, at least 8 characters."} />`}
			${m&&!f&&s`<${p}>${b(m)}</${p}>`}
			<div class="actions">
				<${d} type="submit" busy=${c}>${e?"Save":"Create"}</${d}>
				<${d} kind="quiet" disabled=${c} onClick=${o}>Cancel</${d}>
			</div>
		</form>`}function yn({recordingID:t,isStored:e}){let[r,o]=g(null),[n,i]=g(!1),{run:a,error:l}=k(async()=>o((await E.send("/api/shares",{query:{recording_id:t}})).shares));x(()=>{a()},[t,e]);let c=u=>{i(!1),o(f=>{let h=f??[];return h.some(({id:$})=>$===u.id)?h.map($=>$.id===u.id?u:$):[u,...h]})},m=async u=>{await E.send(`/api/shares/${u}`,{method:"DELETE"}),o(f=>(f??[]).filter(h=>h.id!==u))};return!e&&!r?.length?null:s`
		<section class="card shared-links" aria-labelledby="shared-links-heading">
			<h2 id="shared-links-heading">Share</h2>
			${e&&s`<p class="muted">Anybody with a link can watch the recording, without an account.</p>`}
			${l&&s`<${p}>${b(l)} <${d} kind="link" onClick=${a}>Try again</${d}></${p}>`}
			${r&&r.length>0&&s`
				<ul class="rules">
					${r.map((u,f)=>s`<li key=${u.id}><${wa} link=${u} name=${`link ${r.length-f}`} onChange=${c} onRevoke=${()=>m(u.id)} /></li>`)}
				</ul>`}
			${n?s`<${hr} recordingID=${t} onSaved=${c} onCancel=${()=>i(!1)} />`:e&&s`<${d} kind="quiet" disabled=${!r} onClick=${()=>i(!0)}>Create link</${d}>`}
		</section>`}function ya(t){let e=[t.title&&"title",t.summary&&"summary",t.transcript&&"transcript"].filter(Boolean);return e.length?`Video with ${e.join(", ")}`:"Video only"}function wa({link:t,name:e,onChange:r,onRevoke:o}){let[n,i]=g(!1),a=Date.parse(t.expires)<=Date.now(),l=a||!!t.ended;return n?s`
			<${hr} link=${t} recordingID=${t.recording_id} onCancel=${()=>i(!1)}
				onSaved=${c=>{r(c),i(!1)}} />`:s`
		<div class="shared-link">
			${!l&&t.url&&s`<${va} url=${t.url} id=${t.id} name=${e} />`}
			<p class="muted">
				${t.ended&&s`<${Q} tone="plain">Recording deleted</${Q}> `}${t.password&&s`<${Q} tone="plain">Password</${Q}> `}
				${ya(t)} · ${a?"expired":"expires"} ${pe(t.expires)} · ${R(t.views,"view")}
			</p>
			<div class="actions">
				${!l&&s`<${d} kind="quiet" aria-label=${`Change: ${e}`} onClick=${()=>i(!0)}>Change</${d}>`}
				<${F} label=${l?"Remove":"Revoke"} subject=${e} action=${o}
					question=${l?"Remove this link from the list?":"Nobody can open this link any more. A video that is playing stops at its next part."} />
			</div>
		</div>`}function va({url:t,id:e,name:r}){let[o,n]=g(!1),{run:i,error:a}=k(async()=>{await navigator.clipboard.writeText(t),n(!0)});return s`
		<${T} id=${`link-${e}`} label=${`Address of ${r}`} readonly value=${t} spellcheck=${!1} autocomplete="off"
			onFocus=${l=>l.currentTarget.select()} />
		<div class="actions">
			<${d} kind="quiet" aria-label=${`Copy ${r}`} onClick=${i}>${o?"Copied":"Copy link"}</${d}>
			<a class="button quiet" href=${t} target="_blank" rel="noopener" aria-label=${`Open ${r}`}>Open</a>
		</div>
		${a&&s`<${p}>Your browser doesn’t allow copying here. Select the address and copy it.</${p}>`}`}var wn=30;function vn({transcript:t,missing:e,at:r,isShown:o=!1,onSeek:n}){let[i,a]=g(!1),l=J(()=>xa(t?.items??[]),[t]),c=r===void 0?-1:l.findLastIndex(({at:f})=>(ft(f)??1/0)<=r),m=N(null);if(x(()=>{o&&m.current?.scrollIntoView({block:"center"})},[c,o]),!l.length)return s`
			<section>
				<h2>Transcript</h2>
				${e}
			</section>`;let u=i||c>=wn?l:l.slice(0,wn);return s`
		<section>
			<h2>Transcript</h2>
			<ol class="transcript">
				${u.map(({speaker:f,at:h,texts:$},y)=>s`
					<li key=${y} class=${y===c?"marked":void 0} ref=${y===c?m:void 0}>
						<p class="speaker" dir="auto"><strong>${f||"Unknown speaker"}</strong> <${ze} at=${h} onSeek=${n} /></p>
						<p dir="auto">${$.join(" ")}</p>
					</li>`)}
			</ol>
			${u.length<l.length&&s`
				<${d} kind="quiet" onClick=${()=>a(!0)}>Show all ${R(l.length,"passage")}</${d}>`}
		</section>`}function xa(t){let e=[];for(let r of t){let o=r.speaker?.display_name??"",n=e.at(-1);n&&n.speaker===o?n.texts.push(r.text??""):e.push({speaker:o,at:r.timestamp,texts:[r.text??""]})}return e}function je({workspace:{jobs:t},recordingID:e}){return s`<${Sn} label="Upload it myself" action=${()=>t.transfer(e,{byHand:!0})} />`}function xn({workspace:t,transfer:e}){let{jobs:r}=t,[o,n]=g({});if(r.transferring.value.has(e.recording_id))return s`<p class="muted">The upload starts soon.</p>`;let i={...Be(r.records.value.get(e.job)),deliver:!0,byHand:!1,...o},a=Ge(t.delivery,i);return s`
		<${Sn} label=${e.note?"Try the upload again":"Upload it for me"} action=${()=>r.transfer(e.recording_id,i)} />
		${a.by==="server"&&s`<p class="muted">${Ct(a.visibility)}</p>`}
		<${Te} workspace=${t} id="upload" choice=${i} onChange=${n} />`}function Sn({label:t,action:e}){let{run:r,busy:o,error:n}=k(e);return s`
		<${d} kind="quiet" busy=${o} onClick=${r}>${t}</${d}>
		${n&&s`<${p}>${b(n)}</${p}>`}`}function it({workspace:{jobs:t},transfer:e,label:r="Copy again",isStored:o=!1}){let n=t.records.value.get(e.job),{run:i,busy:a,error:l}=k(()=>t.transfer(e.recording_id,{...Be(n),again:o,deliver:e.status!=="stored"})),c=l?b(l):n?.status==="dead"?n.error:"";return t.transferring.value.has(e.recording_id)?s`<p class="muted">The video is copied from Fathom again soon.</p>`:s`
		<${d} kind="quiet" busy=${a} onClick=${i}>${r}</${d}>
		${c&&s`<${p}>${c}<${ke} reason=${c} /></${p}>`}`}function Bt({details:t,label:e="Download",kind:r="primary",onDone:o}){let{run:n,busy:i,error:a}=k(async()=>{await t.loadTransferred();let l=t.recording.value;if(!l)throw new Error("The recording is no longer stored here. Copy the meeting again");vt(await t.fileURL(l,!0),l.file_name),o?.()});return s`
		<${d} kind=${r} busy=${i} onClick=${n}><${pt} />${e}</${d}>
		${a&&s`<${p}>${b(a)}</${p}>`}`}var Sa=["validation_link_length","validation_link_title","validation_link_private","validation_link_unreachable"];function Cn(t){let e=t?.response?.data?.share_url;if(!Sa.includes(e?.code))return null;let{code:r,message:o,expected:n,found:i}=e;return i?{message:r==="validation_link_length"?"The video at Loom has another length than this recording.":"The video at Loom has another title than this recording.",sides:[{name:"At Loom",text:Tn(i)},{name:"This recording",text:Tn(n)}]}:{message:o,sides:[]}}var Tn=({title:t,duration:e})=>[t||"Untitled",e>0&&Ir(e)].filter(Boolean).join(" \xB7 ");function An({verified:t,unchecked:e,error:r}){return t?"":e==="private"?"Not checked: Loom shows this video only to some people.":e==="unreachable"?"Not checked: Loom could not be reached. The link is checked again on your later visits, up to 12 times.":r||"Saved by you although the title or the length differs."}function qt({workspace:t,transfer:e}){let[r,o]=g(""),{run:n,busy:i,error:a,clear:l}=k(async(u,f)=>{o(u);let h=await t.db.collection("transfers").update(e.id,{share_url:u,confirmed:f});t.transfers.put(h)},()=>{let u=t.yourTurn.length;return`Link saved. The video is on Loom.${u>0?` ${R(u,"more","more")} to upload.`:""}`}),c=u=>{u.preventDefault(),n(String(new FormData(u.currentTarget).get("share-link")).trim(),!1)},m=Cn(a);return s`
		<form onSubmit=${c}>
			<${T} id="share-link" label="Loom share link" required autocomplete="off" spellcheck=${!1} onInput=${a?l:void 0}
				placeholder="https://www.loom.com/share/…" error=${a&&!m?L(a,"share_url")||b(a):""} />
			${m&&s`
				<${p}>
					<p>${m.message}</p>
					${m.sides.length>0&&s`
						<dl class="sides">${m.sides.map(({name:u,text:f})=>s`<dt>${u}</dt><dd>${f}</dd>`)}</dl>`}
					<${d} kind="quiet" busy=${i} onClick=${()=>n(r,!0)}>Save anyway</${d}>
				</${p}>`}
			<${d} type="submit" busy=${i}>${i?"Checking link\u2026":"Save link"}</${d}>
		</form>`}function we({details:t,isDelivered:e=!1,canDownload:r=!0}){let o=t.recording.value;if(!o)return null;let n=qe(o)?"audio":"video",i=e?"The video on Loom, the summary and the transcript are kept.":`${n==="video"?"It is not on Loom yet. ":""}The summary and the transcript are kept, and you can copy the meeting again.`;return s`
		<div class="stored-video">
			<p class="muted">The ${n} stored here takes up ${Z(o.size)}.${o.retained_until&&` It is deleted after ${me(o.retained_until)}.`}</p>
			<div class="actions">
				${r&&s`<${Bt} details=${t} kind="quiet" label=${`Download ${n}`} />`}
				<${F} label=${`Delete stored ${n}`} action=${()=>t.deleteRecording()} done=${`The stored ${n} is deleted.`}
					question=${`Delete the ${n} stored here and free ${Z(o.size)}? ${i}`} />
			</div>
		</div>`}function _n({workspace:t,details:e,transfer:r}){let[o,n]=g(!1),{loomUploadURL:i}=Y.value,a=e.loadedFor.value!==r.status||e.recording.value;return s`
		${r.note&&s`<${p} kind="note">${r.note}</${p}>`}
		${t.delivery.by==="server"&&s`<${xn} workspace=${t} transfer=${r} />`}
		<ol class="loom-steps">
			<li>
				<h3>Download the video${o&&s`<span class="ticked"><${ut} /><span class="hidden"> (done)</span></span>`}</h3>
				${a?s`
						<p>${r.file_name}<span class="muted"> · ${Z(r.bytes_total)}</span></p>
						<${Bt} details=${e} kind=${o?"quiet":"primary"}
							label=${o?"Download again":"Download"} onDone=${()=>n(!0)} />`:s`
						<p>The video stored here was deleted. If you haven’t downloaded it, copy it from Fathom again.</p>
						<${it} workspace=${t} transfer=${r} />`}
			</li>
			<li>
				<h3>Upload it to Loom</h3>
				<p>In your Loom library, select <strong>New video</strong>, then <strong>Upload a video</strong>, and choose the file. Keep its name.</p>
				<p><${j} href=${i}>Open ${new URL(i).host}</${j}></p>
			</li>
			<li>
				<h3>Paste the share link</h3>
				${Wr(t.loomReader)&&s`<p class="muted">Or wait: Loom is asked for your new videos. This one is found if its title and length leave no doubt.</p>`}
				<${qt} workspace=${t} transfer=${r} />
			</li>
		</ol>
		<${we} details=${e} canDownload=${!1} />
		${e.recording.value&&s`<${it} workspace=${t} transfer=${r} isStored=${!0} label="Copy again" />`}`}function Ot({url:t}){let e=re(t);return e&&s`<p><${j} class="share" href=${e}>${e.replace(/^https?:\/\//,"")}</${j}></p>`}function Rn({workspace:t,details:e,meeting:r,reason:o,job:n}){let[i,a]=g({}),l={...Be(n),...i},{run:c,busy:m,error:u}=k(()=>t.jobs.transfer(r.recording_id,l),"The copy starts again.");return s`
		<${p}>${o}<${ke} reason=${o} /></${p}>
		<div class="actions">
			<${d} kind=${Ze(n)?"quiet":"primary"} busy=${m} onClick=${c}>Retry</${d}>
			${l.deliver&&t.delivery.by!=="user"&&s`<${je} workspace=${t} recordingID=${r.recording_id} />`}
		</div>
		${l.deliver&&!l.byHand&&s`<${Te} workspace=${t} id="transfer" choice=${l} onChange=${a} />`}
		${u&&s`<${p}>${b(u)}<${ke} reason=${b(u)} /></${p}>`}
		<${we} details=${e} />`}function Pn({workspace:t,details:e,transfer:r}){let[o,n]=g({}),{run:i,busy:a,error:l}=k(()=>t.jobs.transfer(r.recording_id,o));return s`
		<p>${Qe(r,void 0).detail}</p>
		${!qe(r)&&s`
			<${d} busy=${a} onClick=${i}>Upload to Loom</${d}>
			<${Te} workspace=${t} id="transfer" choice=${o} onChange=${n} />`}
		${l&&s`<${p}>${b(l)}<${ke} reason=${b(l)} /></${p}>`}
		<${we} details=${e} />
		<${En} workspace=${t} details=${e} transfer=${r} />`}function Ln({workspace:t,details:e,transfer:r}){let o=An(r);return s`
		<${Ot} url=${r.share_url} />
		<p class="muted">Delivered ${H(r.delivered_at,I(r.delivered_at))}.${yt(r)&&` ${Ct(r.visibility)}`}${o&&s`<br />${o}`}</p>
		${r.note&&s`<${p} kind="note">${r.note}</${p}>`}
		<${we} details=${e} isDelivered=${!0} />
		<${En} workspace=${t} details=${e} transfer=${r} />
		<details>
			<summary>Change link</summary>
			<${qt} workspace=${t} transfer=${r} />
		</details>`}function En({workspace:t,details:e,transfer:r}){if(e.loadedFor.value!==r.status)return null;let o=!!e.recording.value;return s`
		${!o&&s`<p class="muted">The file stored here was deleted.</p>`}
		<${it} workspace=${t} transfer=${r} isStored=${o} label=${o?"Copy again":"Fetch the file again"} />`}function Fn({workspace:t,details:e,meeting:r,transfer:o}){let[n,i]=g({}),{run:a,busy:l,error:c}=k(f=>t.jobs.transfer(r.recording_id,f?n:{deliver:f}),"The copy starts.",()=>()=>t.jobs.cancelTransfer(r.recording_id)),{delivery:m}=t,u=o?.status==="cancelled";return s`
		<p>${u&&"The last copy was cancelled. "}The video, summary and transcript are copied to your storage here. ${bo(Ge(m,n))}</p>
		${c&&s`<${p}>${b(c)}<${ke} reason=${b(c)} /></${p}>`}
		<div class="actions">
			<${d} busy=${l} onClick=${()=>a(!0)}>${ko(Ge(m,n))}</${d}>
			<${d} kind="quiet" busy=${l} onClick=${()=>a(!1)}>Only keep a copy here</${d}>
			${m.by!=="user"&&s`<${je} workspace=${t} recordingID=${r.recording_id} />`}
		</div>
		<${Te} workspace=${t} id="transfer" choice=${n} onChange=${i} />
		<${we} details=${e} />`}function In({workspace:t,details:e,meeting:r}){let o=t.transferOf(r.recording_id),n=o?.job??"",i=t.jobs.records.value.get(n),a=Xr(o)&&!!n&&!i&&!t.jobs.isDeleted(n);x(()=>{a&&t.jobs.refresh(n).catch(()=>{})},[n,a]);let l=t.stateOf(r.recording_id,I(...kt(i,t.jobs)));return s`
		<section class=${`card transfer ${l.phase}`} aria-labelledby="transfer-heading">
			<h2 id="transfer-heading" class=${`state ${l.tone}`} aria-live="polite"><${Rr[l.icon]} />${l.word}</h2>
			${!["none","failed","stored"].includes(l.phase)&&s`<${Tt} titles=${bt(o,i)} step=${l.step} />`}
			${l.phase==="none"&&s`<${Fn} workspace=${t} details=${e} meeting=${r} transfer=${o} />`}
			${(l.phase==="waiting"||l.phase==="running")&&s`
				<${Ot} url=${o?.share_url} />
				<${Ta} workspace=${t} title=${r.title} transferID=${o?.id??""} state=${l} job=${i} />
				${o&&l.step===2&&l.phase==="waiting"&&yt(o)&&s`<${je} workspace=${t} recordingID=${r.recording_id} />`}`}
			${l.phase==="failed"&&s`<${Rn} workspace=${t} details=${e} meeting=${r} reason=${l.detail} job=${i} />`}
			${l.phase==="upload"&&o&&s`<${_n} workspace=${t} details=${e} transfer=${o} />`}
			${l.phase==="stored"&&o&&s`<${Pn} workspace=${t} details=${e} transfer=${o} />`}
			${l.phase==="done"&&o&&s`<${Ln} workspace=${t} details=${e} transfer=${o} />`}
		</section>`}function Ta({workspace:t,title:e,transferID:r,state:o,job:n}){return s`
		<${xt} workspace=${t} transferID=${r} state=${o} name="Progress" hasPercent=${!0} />
		<p class="hidden" aria-live="polite">${Ca(o)}</p>
		${n&&fe(n)&&s`<${St} jobs=${t.jobs} job=${n} title=${e} />`}`}var Ca=({word:t,fraction:e,step:r})=>e===null?t:`${Math.floor(e*4)*25}% ${r===2?"uploaded":"copied"}`;var Aa=[[1280,.8],[1280,.6],[960,.6],[640,.6]],fr={width:32,height:18},_a=6;function Ra(t,e,r){let o=Math.min(1,r/Math.max(t,e));return{width:Math.max(1,Math.round(t*o)),height:Math.max(1,Math.round(e*o))}}function Pa(t){let e=[];for(let n=0;n+2<t.length;n+=4)e.push(.299*t[n]+.587*t[n+1]+.114*t[n+2]);let r=e.reduce((n,i)=>n+i,0)/e.length,o=e.reduce((n,i)=>n+(i-r)**2,0)/e.length;return!(Math.sqrt(o)>=_a)}function Dn(t,{width:e,height:r}){let o=document.createElement("canvas");Object.assign(o,{width:e,height:r});let n=o.getContext("2d",{alpha:!1});if(!n)throw new Error("This browser has no canvas.");return n.drawImage(t,0,0,e,r),{canvas:o,context:n}}async function $r(t){if(!t.videoWidth)return null;let{context:e}=Dn(t,fr);if(Pa(e.getImageData(0,0,fr.width,fr.height).data))return null;for(let[r,o]of Aa){let{canvas:n}=Dn(t,Ra(t.videoWidth,t.videoHeight,r)),i=await new Promise(a=>n.toBlob(a,"image/jpeg",o));if(i&&i.size<=204800)return i}return null}async function Bn(t,e){let r=document.createElement("video"),o=n=>new Promise((i,a)=>{r.addEventListener(n,i,{once:!0}),r.addEventListener("error",()=>a(r.error),{once:!0})});try{return Object.assign(r,{crossOrigin:"anonymous",muted:!0,preload:"metadata",src:t}),await o("loadedmetadata"),r.currentTime=e,await o("seeked"),await $r(r)}finally{r.removeAttribute("src"),r.load()}}var La=2,Ea=3e3,Fa=20;function qn(t,e,r,o){x(()=>{let n=t.current;if(!e||!(n instanceof HTMLVideoElement))return;let[i,a,l]=[Fa,0,!1],c=()=>n.removeEventListener("timeupdate",m),m=async()=>{if(!(l||n.paused||n.seeking||Date.now()<a||Ia(n)<La)){l=!0,a=Date.now()+Ea;try{let u=await $r(n).catch(async f=>{if(f.name!=="SecurityError")throw f;return Bn(await r(),n.currentTime)});u&&await o(u),(u||--i===0)&&c()}catch{c()}l=!1}};return n.addEventListener("timeupdate",m),c},[t.current,e])}function Ia({played:t}){let e=0;for(let r=0;r<t.length;r++)e+=t.end(r)-t.start(r);return e}var Da=6e4;function On({details:t,recording:e,player:r,startAt:o}){let[n,i]=g({url:"",created:0}),[a,l]=g(!1),c=N(null),m=()=>{t.fileURL(e,!1).then($=>i({url:$,created:Date.now()}),()=>l(!0))};x(m,[e.file]),qn(r,!t.meeting.value?.poster,()=>t.fileURL(e,!1,!0),$=>t.savePoster($)),x(()=>{let $=r.current;o===void 0||!$||($.readyState>0?$.currentTime=o:c.current={at:o,rate:1,playing:!1})},[o]);let u=()=>{if(!n.url||Date.now()-n.created<Da)return l(!0);let $=r.current;$&&(c.current={at:$.currentTime,rate:$.playbackRate,playing:!$.paused}),m()},f=()=>{let $=r.current;if(!$||!c.current)return;let{at:y,rate:S,playing:v}=c.current;c.current=null,$.currentTime=y,$.playbackRate=S,v&&$.play().catch(()=>{})},h=qe(e)?"audio":"video";return a?s`<${p} kind="note">This browser cannot play the ${h}. Download it instead.</${p}>`:s`
		<${h} ref=${r} controls playsinline preload="metadata" src=${n.url||void 0} aria-label=${`Meeting ${h}`}
			onError=${u} onLoadedMetadata=${f} />`}var Ba="id,recording_id,title,meeting_type,recorded_at,duration,language,recorded_by,invitees,fathom_url,summary,action_items,highlights,parts,loom_url,poster,withdrawn_at,created,updated",Mt=class{meeting=ce(null);transcript=ce(null);recording=ce(null);chapters=ce([]);loadedFor=ce("");ready=ce(!1);error=ce("");isGone=ce(!1);#e;#r;#t;#n=!1;#o=()=>{};#s=()=>{};#i=0;#a="";constructor(e,r,o){this.#e=e,this.#r=r,this.#t=o}start(){this.#o=Gt(this.#r,"meetings/*",({action:e,record:r})=>{r.id===this.#t&&(e==="delete"?this.#l():this.load())},()=>this.load(),{fields:eo}),this.#s=Gt(this.#r,"recordings/*",({record:e})=>{e.recording_id===this.meeting.value?.recording_id&&this.loadTransferred().catch(()=>{})},async()=>{},{fields:"id,recording_id"})}stop(){this.#n=!0,this.#o(),this.#s()}async delete(){await this.#e.collection("meetings").delete(this.#t)}async load(){if(!this.#n){this.error.value="",this.isGone.value=!1;try{this.#u(await this.#e.collection("meetings").getOne(this.#t,{fields:Ba})),await this.loadTransferred()}catch(e){if(this.#n)return;ne(e)!==404?this.error.value=q(e):this.meeting.value?this.#l():this.#c("Meeting not found.")}}}async loadTransferred(e=this.#a){this.#a=e;let r=++this.#i,o=this.meeting.value;if(!o)return;let n=async a=>{let l=this.#e.filter("recording_id = {:id}",{id:o.recording_id});return(await this.#e.collection(a).getList(1,1,{filter:l,skipTotal:!0})).items[0]??null},i=()=>!this.#n&&r===this.#i;try{let[a,l]=await Promise.all([this.transcript.value?.items?.length?this.transcript.value:n("transcripts"),n("recordings")]),c=l?.file?l:null,m=c&&i()?await this.#d():[];if(!i())return;Ar(()=>{this.transcript.value=a,this.recording.value=c,this.chapters.value=m,this.loadedFor.value=e})}finally{i()&&(this.ready.value=!0)}}async#d(){return(await this.#e.send(`/api/meetings/${this.#t}/chapters`,{method:"GET"})).chapters}async fileURL(e,r,o=!1){let n=await this.#e.files.getToken();return this.#e.files.getURL(e,e.file,{token:n,...r&&{download:!0},...o&&{proxy:1}})}async savePoster(e){await this.#e.send(`/api/meetings/${this.#t}/poster`,{method:"PUT",body:e,headers:{"Content-Type":"image/jpeg"}})}async deleteRecording(){let e=this.recording.value;e&&(await this.#e.collection("recordings").delete(e.id),this.recording.value=null)}#l(){this.#n=!0,this.meeting.value=null,this.#c("This meeting was deleted.")}#c(e){this.isGone.value=!0,this.error.value=e}#u(e){let r=this.meeting.value;!this.#n&&!(r&&Jr(e,r))&&(this.meeting.value=e)}};function qa({workspace:t,id:e,at:r}){let o=J(()=>new Mt(t.db,t.streams.database,e),[t,e]);x(()=>(scrollTo(0,0),o.start(),()=>o.stop()),[o]);let{transfers:n,jobs:i}=t,a=o.ready.value&&[n,i].every(m=>m.loaded.value||m.error.value),l=o.meeting.value,c=l&&t.transferOf(l.recording_id)?.status;return x(()=>{c&&o.loadTransferred(c).catch(()=>{})},[c]),s`
		<div class="page">
			<p><a class="back" href=${O("/")}><${dt} />Meetings</a></p>
			${o.error.value&&s`
				<${p}>
					${o.error.value}${" "}
					${o.isGone.value?s`<a href=${O("/")}>Back to meetings</a>`:s`<${d} kind="link" onClick=${()=>o.load()}>Try again</${d}>`}
				</${p}>`}
			${!(l&&a)&&!o.error.value&&s`<${B} label="Loading meeting" />`}
			${l&&a&&s`<${Oa} workspace=${t} details=${o} meeting=${l} at=${r} />`}
		</div>`}function Oa({workspace:t,details:e,meeting:r,at:o}){let n=N(null),i=e.recording.value,a=f=>{n.current&&(n.current.currentTime=f,n.current.scrollIntoView({block:"nearest"}),n.current.play().catch(()=>{}))},l=i?a:void 0,c=f=>s`<${bn} workspace=${t} meeting=${r} part=${f} />`,m=re(r.fathom_url),u=[`${me(r.recorded_at)}, ${Ie(r.recorded_at)}`,De(r.duration),r.meeting_type].filter(Boolean);return s`
		<div class="meeting-head">
			<${V} title=${r.title||"Untitled meeting"} />
			<p class="muted">${u.join(" \xB7 ")}${m&&s`${" \xB7 "}<${j} href=${m}>Open in Fathom</${j}>`}</p>
			${r.withdrawn_at&&s`<p class="muted"><${Q} tone="plain">No longer at Fathom</${Q}> Everything that was copied is kept.</p>`}
			<${uo} db=${t.db} selection=${{recording_ids:[r.recording_id]}} />
		</div>
		<div class="columns">
			<${In} workspace=${t} details=${e} meeting=${r} />
			<article>
				${i&&s`<${On} key=${i.id} details=${e} recording=${i} player=${n} startAt=${o} />`}
				${i&&s`<${jo} chapters=${e.chapters.value} player=${n} onSeek=${a} />`}
				<section>
					<h2>Summary</h2>
					${r.summary?s`<${gn} text=${r.summary} />`:c("summary")}
				</section>
				<${zo} items=${r.action_items} missing=${c("action_items")} onSeek=${l} />
				<${Ho} items=${r.highlights} missing=${c("highlights")} onSeek=${l} />
				<${vn} transcript=${e.transcript.value} missing=${c("transcript")} at=${o} isShown=${!i} onSeek=${l} />
			</article>
			<${yn} key=${r.recording_id} recordingID=${r.recording_id} isStored=${!!i} />
			<${za} meeting=${r} />
			<${Ma} workspace=${t} details=${e} meeting=${r} />
		</div>`}function Ma({workspace:t,details:e,meeting:r}){return s`
		<section class="deletion" aria-label="Delete meeting">
			<${F} label="Delete meeting…" confirmLabel="Delete meeting" action=${async()=>{await e.delete(),t.titles.remove(r.id),$e(O("/"),{replace:!0})}}
				question="Delete this meeting with the video, summary and transcript stored here? Nothing is deleted at Fathom or Loom. Syncs will not add it again." />
		</section>`}function za({meeting:t}){let e=t.invitees??[];return e.length?s`
		<section class="people">
			<h2>People</h2>
			<ul>
				${e.map(r=>s`
					<li dir="auto">${r.name||r.email||"Unknown person"}${r.is_external&&s`<span class="muted"> · external</span>`}</li>`)}
			</ul>
		</section>`:null}function zt({id:t,email:e,error:r=""}){return s`
		<input type="email" autocomplete="username" value=${e} readOnly hidden />
		<${T} id=${t} label="New password" type="password" required minlength="8" autocomplete="new-password" error=${r} hint="At least 8 characters." />`}function Na({token:t}){let{run:e,busy:r,error:o}=k(Bo),n=be(t,"email"),i=n?ge(o):"This link is incomplete. Open it again from the message, or copy all of it.",a=c=>{c.preventDefault(),e(t,String(new FormData(c.currentTarget).get("password")))};if(i)return s`
			<${M} title="Choose a new password">
				<${p}>${i}</${p}>
				<p><a class="button primary" href=${O("/forgot-password")}>Ask for another link</a></p>
			</${M}>`;let l=L(o,"password");return s`
		<${M} title="Choose a new password">
			<p>For the account of <strong>${n}</strong>. All browsers that are signed in to it will be signed out.</p>
			<form onSubmit=${a}>
				<${zt} id="password" email=${n} error=${l} />
				${o&&!l&&s`<${p}>${q(o)}</${p}>`}
				<${d} type="submit" busy=${r}>Save and sign in</${d}>
			</form>
		</${M}>`}var Ua={title:"Title",people:"People",summary:"Summary",action_item:"Action item",highlight:"Highlight",transcript:"Said"};function Mn({field:t,speaker:e}){return t==="transcript"&&e?`${e} said`:Ua[t]??"Text"}function zn(t,e){let r=[],o=0;for(let[n,i]of e)n>=o&&i>n&&i<=t.length&&(n>o&&r.push({text:t.slice(o,n),isMatch:!1}),r.push({text:t.slice(n,i),isMatch:!0}),o=i);return o<t.length&&r.push({text:t.slice(o),isMatch:!1}),r}function Nn({posters:t,meeting:e}){let r=[me(e.recorded_at),Ie(e.recorded_at)].filter(Boolean).join(", ");return s`
		<li class="result">
			<div class="row-lead">
				<${wo} posters=${t} meeting=${e} />
				<div>
					<h2 dir="auto"><a href=${e.href}>${e.title||"Untitled meeting"}</a></h2>
					<p class="muted">${r}</p>
				</div>
			</div>
			${e.matches.length>0&&s`
				<ul class="matches">
					${e.matches.map((o,n)=>s`<${ja} key=${n} meeting=${e} match=${o} />`)}
				</ul>`}
		</li>`}function ja({meeting:t,match:e}){let r=e.start===null?"":mt(e.start);return s`
		<li>
			<p class="muted">
				${e.start!==null&&s`
					<a class="timestamp" href=${Hr(t.id,e.start)} aria-label=${`${r} in ${t.title||"Untitled meeting"}`}>${r}</a>${" \xB7 "}`}
				${Mn(e)}
			</p>
			<p class="excerpt" dir="auto">${zn(e.text,e.ranges).map(({text:o,isMatch:n})=>n?s`<mark>${o}</mark>`:o)}</p>
		</li>`}function Ha({workspace:{search:t,posters:e},query:r}){x(()=>{t.search(r)},[t,r]),Cr(()=>{let i=t.query.value===r?t.scroll:0;requestAnimationFrame(()=>scrollTo(0,i));let a=()=>{t.scroll=scrollY};return addEventListener("scroll",a,{passive:!0}),()=>removeEventListener("scroll",a)},[]);let o=t.error.value,n=ne(o)===400;return s`
		<div class="page">
			<p><a class="back" href=${O("/")}><${dt} />Meetings</a></p>
			<${V} title="Search" />
			<div>
				<${vo} query=${r} problem=${n?q(o):""} onSearch=${i=>t.search(i)} />
				<p class="muted search-status" role="status">${Wa(t,r)}</p>
			</div>
			${o&&!n&&s`<${p}>${q(o)} <${d} kind="link" onClick=${()=>t.search(r)}>Try again</${d}></${p}>`}
			${r?!o&&s`<${Va} search=${t} posters=${e} query=${r} />`:s`<${Ya} />`}
		</div>`}function Wa(t,e){return!e||t.error.value?"":!t.items.value.length&&(t.loading.value||t.query.value!==e)?"Searching\u2026":t.total.value?`${R(t.total.value,"meeting")} found`:"No meetings found"}function Va({search:t,posters:e,query:r}){let{run:o,busy:n,error:i}=k(()=>t.loadMore()),a=t.items.value,l=t.total.value,c=t.loading.value||t.query.value!==r;return s`
		${!t.complete.value&&s`
			<${p} kind="note">
				The index is still being built, so some meetings may be missing.${" "}
				<${d} kind="link" busy=${c} onClick=${()=>t.search(r)}>Search again</${d}>
			</${p}>`}
		${!a.length&&!c&&t.complete.value&&s`
			<section class="empty">
				<h2>Nothing found</h2>
				<p>No meeting contains all of these words. Check their spelling, or try fewer of them.</p>
			</section>`}
		${a.length>0&&s`<ol class="results">${a.map(m=>s`<${Nn} key=${m.id} posters=${e} meeting=${m} />`)}</ol>`}
		<p class="more" aria-live="polite">
			${t.hasMore.value&&s`
				<${d} kind="quiet" busy=${n} onClick=${o}>${n?"Loading\u2026":"Show more"}</${d}>
				<span class="muted">${`${a.length} of ${R(l,"meeting")}`}</span>`}
			${i&&s`<span class="error">${q(i)}</span>`}
		</p>`}var Ya=()=>s`
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
	</section>`;function Nt(t){let[e,r]=g(!1),{run:o,error:n}=k(async()=>{await navigator.clipboard.writeText(t),r(!0)});return{run:o,copied:e,error:n}}var Za=[["read","Read meetings, transcripts and videos"],["transfer","Start and cancel copies and syncs"],["share","Create and revoke links to recordings"]],Qa=1440*60*1e3;function Un({onCreated:t,onCancel:e}){let{run:r,busy:o,error:n}=k(async l=>{let c=new Date(Date.now()+Number(l.get("token-days"))*Qa).toISOString();t(await E.send("/api/tokens",{method:"POST",body:{name:l.get("token-name"),scopes:l.getAll("token-scope"),expires:c}}))}),i=l=>{l.preventDefault(),r(new FormData(l.currentTarget))},a=L(n,"name");return s`
		<form class="rule-form" onSubmit=${i}>
			<${T} id="token-name" label="Token name" required maxlength="80" autocomplete="off" error=${a} hint="Such as the script that uses it." />
			<fieldset>
				<legend>What it may do</legend>
				${Za.map(([l,c])=>s`
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
			${n&&!a&&s`<${p}>${b(n)}</${p}>`}
			<div class="actions">
				<${d} type="submit" busy=${o}>Create</${d}>
				<${d} kind="quiet" disabled=${o} onClick=${e}>Cancel</${d}>
			</div>
		</form>`}function jn({name:t,text:e}){let{run:r,copied:o,error:n}=Nt(e);return s`
		<div class="confirm" role="status">
			<${T} id="new-token" label=${`Token \u201C${t}\u201D`} readonly value=${e} spellcheck=${!1} autocomplete="off"
				onFocus=${i=>i.currentTarget.select()} hint="Copy it now. It is not shown again." />
			<div class="actions"><${d} kind="quiet" onClick=${r}>${o?"Copied":"Copy token"}</${d}></div>
			${n&&s`<${p}>Your browser doesn’t allow copying here. Select the token and copy it.</${p}>`}
		</div>`}function Hn(){let[t,e]=g(null),[r,o]=g(!1),[n,i]=g(null),{run:a,error:l}=k(async()=>e((await E.send("/api/tokens",{})).tokens));x(()=>{a()},[]);let c=u=>{i(u),o(!1),a()},m=async u=>{await E.send(`/api/tokens/${u}`,{method:"DELETE"}),n?.id===u&&i(null),e(f=>(f??[]).filter(h=>h.id!==u))};return s`
		<section class="card" aria-labelledby="tokens-heading">
			<h2 id="tokens-heading">API tokens</h2>
			<p class="muted">Scripts and assistants use your data with a token instead of your password. Changing your password
			revokes all tokens, and the access that you gave assistants.</p>
			${!t&&!l&&s`<${B} label="Loading tokens" />`}
			${l&&s`<${p}>${b(l)} <${d} kind="link" onClick=${a}>Try again</${d}></${p}>`}
			${t&&t.length>0&&s`
				<ul class="rules">
					${t.map(u=>s`<li key=${u.id}><${Ka} token=${u} onRevoke=${()=>m(u.id)} /></li>`)}
				</ul>`}
			${n&&s`<${jn} key=${n.id} name=${n.name} text=${n.token} />`}
			${r?s`<${Un} onCreated=${c} onCancel=${()=>o(!1)} />`:t&&s`<${d} kind="quiet" onClick=${()=>o(!0)}>Create token</${d}>`}
		</section>`}function Ga({client:t},e){return e?t?"Remove this assistant from the list?":"Remove this token from the list?":t?"The assistant can\u2019t read your meetings any more, until you allow it again.":"Whatever uses this token stops working at once."}function Ka({token:t,onRevoke:e}){let r=Date.parse(t.expires)<=Date.now(),o=t.last_used?`last used ${H(t.last_used,I(t.last_used))}${t.last_address&&` from ${t.last_address}`}`:"never used";return s`
		<div>
			<strong>${t.name}</strong> ${t.client?`(assistant, ${t.client})`:s`<code>${t.prefix}…</code>`}
			<p class="muted">${t.scopes.join(", ")} · ${r?"expired":"expires"} ${pe(t.expires)} · ${o}</p>
			<${F} label=${r?"Remove":"Revoke"} subject=${t.name} action=${e}
				question=${Ga(t,r)} />
		</div>`}var Xa={system:"As on this device",light:"Light",dark:"Dark"};function Wn(){let[t,e]=g(To),r=o=>{Co(o),e(o)};return s`
		<section class="card" aria-labelledby="theme-heading">
			<h2 id="theme-heading">Colors</h2>
			<fieldset class="choices">
				<legend>In this browser</legend>
				${Object.entries(Xa).map(([o,n])=>s`
					<label class="check-box" key=${o}>
						<input type="radio" name="theme" checked=${o===t} onChange=${()=>r(o)} /> ${n}
					</label>`)}
			</fieldset>
		</section>`}var Vn=t=>JSON.stringify({mcpServers:{"fathom-to-loom":{type:"http",url:`${t}/mcp`,headers:{Authorization:"Bearer YOUR_TOKEN"}}}},null,2);function gr({id:t,label:e,text:r}){let{run:o,copied:n,error:i}=Nt(r);return s`
		<div class="copy-text">
			<p id=${t} class="hint">${e}</p>
			<pre tabindex="0" role="group" aria-labelledby=${t}>${r}</pre>
			<div class="actions"><${d} kind="quiet" aria-label=${`Copy: ${e}`} onClick=${o}>${n?"Copied":"Copy"}</${d}></div>
			${i&&s`<${p}>Your browser doesn’t allow copying here. Select the text and copy it.</${p}>`}
		</div>`}function Yn(){return s`
		<section class="card" aria-labelledby="assistants-heading">
			<h2 id="assistants-heading">Assistants</h2>
			<p>Assistants that support the Model Context Protocol (MCP) can search and read your meetings. Add this address as a
			connector. When the assistant connects, you are asked here what it may do.</p>
			<${gr} id="mcp-address" label="Address" text=${`${Yt()}/mcp`} />
			<details>
				<summary>Use an API token instead</summary>
				<p>Create a token above, paste this into the configuration of the assistant, and replace YOUR_TOKEN.</p>
				<${gr} id="mcp-config" label="Configuration" text=${Vn(Yt())} />
			</details>
		</section>`}var Ja={checking:{tone:"plain",label:"Checking\u2026"},valid:{tone:"good",label:"Connected"},invalid:{tone:"bad",label:"Not working"},unchecked:{tone:"plain",label:"Not checked"}};function el(t){return t.status==="valid"&&gt(t)?{tone:"plain",label:"Reading only"}:t.status==="invalid"&&t.details?.state==="choose_site"?{tone:"plain",label:"Site not chosen"}:Ja[t.status]}function He({connection:t}){let e=t&&el(t);return s`<span aria-live="polite">${e&&s`<${Q} tone=${e.tone}>${e.label}</${Q}>`}</span>`}function ee(t,e,r){let[o,n]=g({saving:0,wanted:void 0,error:null}),i=async l=>{n(({saving:m})=>({saving:m+1,wanted:l,error:null}));let c=null;try{await t.save(e,l)}catch(m){c=m}return n(m=>({...m,saving:m.saving-1,error:c??m.error})),!c};return{value:(o.saving?o.wanted:t.get(e))??r,save:i,error:o.error,loaded:t.loaded.value}}var Ut={types:"Meeting type",people:"Person",domains:"Domain",title_words:"Title contains",title_not:"Title doesn\u2019t contain"},Zn=Object.keys(Ut),kr=t=>t.split(",").map(e=>e.trim()).filter(Boolean);function br(t){let e={};t.get("recorded_by_me")&&(e.recorded_by_me=!0);for(let n of Zn){let i=kr(String(t.get(n)??""));i.length&&(e[n]=i)}let r=String(t.get("external")??"");(r==="only"||r==="none")&&(e.external=r);let o=Number(t.get("min_minutes"));return o>0&&(e.min_minutes=o),e}function Qn(t){return[t.recorded_by_me&&"Recorded by me",...Zn.map(e=>t[e]?.length&&`${Ut[e]}: ${t[e].join(" or ")}`),t.external==="only"&&"With external people",t.external==="none"&&"Without external people",t.min_minutes&&`At least ${t.min_minutes} minutes`].filter(Boolean).join(" \xB7 ")}function at({entries:t,onSave:e,...r}){let[o,n]=g(null),i=async()=>{if(o===null)return;await e(kr(o))&&n(l=>l===o?null:l)};return s`
		<${T} ...${r} value=${o??t.join(", ")} autocomplete="off" spellcheck=${!1}
			onInput=${a=>n(a.currentTarget.value)} onChange=${i} />`}function Gn({workspace:{preferences:t}}){let e=ee(t,"sync_others",{enabled:!1}),r=e.value,o=i=>e.save({...r,...i}),n=e.error&&(L(e.error,"value")||b(e.error));return s`
		<div class="choices" role="group" aria-labelledby="others-heading">
			<h3 id="others-heading">Meetings of others</h3>
			<${ie} label="Include meetings recorded by others" checked=${r.enabled} disabled=${!e.loaded} onChange=${i=>o({enabled:i})} />
			<p class="hint">Fathom lists the calls that were recorded outside your organization only by team or person. A change applies from the next sync.</p>
			${r.enabled&&s`
				<${at} id="others-teams" label="Teams" entries=${r.teams??[]} placeholder="Sales, Support"
					hint="Leave teams and people blank for all teams. Separate several by commas." onSave=${i=>o({teams:i})} />
				<${at} id="others-people" label="People" entries=${r.people??[]} placeholder="bo@example.com"
					hint="E-mail addresses of people who record." onSave=${i=>o({people:i})} />`}
			${n&&s`<p class="error" role="alert">${n}</p>`}
		</div>`}function Kn({workspace:t}){let e=t.fathom,[r,o]=g(!1),n=N(null),{meetings:i}=t,a=i.loaded.value&&!i.total.value&&!i.query.value,l=c=>{o(!1),n.current?.focus(),mo(t,c)};return s`
		<section class="card" aria-labelledby="fathom-heading">
			<div class="card-head">
				<h2 id="fathom-heading" tabindex="-1" ref=${n}>Fathom</h2>
				<${He} connection=${e} />
			</div>
			${e&&s`<${tl} connection=${e} />`}
			${!e&&s`<p>Your meetings are read with an API key of your Fathom account.</p>`}
			${!e||r?s`<${po} workspace=${t} connection=${e} onSaved=${l} onCancel=${e&&(()=>o(!1))} />`:s`<${rl} workspace=${t} connection=${e} onReplace=${()=>o(!0)} />`}
			${e&&s`<${Gn} workspace=${t} />`}
		</section>
		${e?.status==="valid"&&a&&s`
			<p><a class="button primary" href=${O("/")}>Continue to meetings</a></p>`}`}function tl({connection:t}){return s`
		<dl class="facts">
			<div><dt>API key</dt><dd><code>${t.last_four?`\u2022\u2022\u2022\u2022 ${t.last_four}`:"\u2022\u2022\u2022\u2022"}</code></dd></div>
			${t.checked_at&&s`<div><dt>Checked</dt><dd>${H(t.checked_at,I(t.checked_at))}</dd></div>`}
		</dl>
		${t.reason&&s`<${p} kind=${t.status==="invalid"?"problem":"note"}>${t.reason}</${p}>`}`}function rl({workspace:t,connection:e,onReplace:r}){return s`
		<div class="actions">
			<${d} kind="quiet" onClick=${r}>Replace key</${d}>
			<${F} label="Remove key" action=${async()=>{await t.db.collection("connections").delete(e.id),t.connections.remove(e.id)}}
				question="Remove this key? Meetings and videos that are already copied are kept." />
		</div>`}var Xn="{date} {time} {title}";function Jn({workspace:t}){let{preferences:e}=t,[r,o]=g(!1),n=k(c=>e.save("time_zone",c||void 0)),i=k(c=>e.save("file_name",c&&c!==Xn?c:void 0)),a=async c=>{c.preventDefault(),o(!1);let m=new FormData(c.currentTarget),u=await n.run(String(m.get("time-zone")).trim()),f=await i.run(String(m.get("file-name")).trim());o(u&&f)},l=c=>c?L(c,"value")||b(c):"";return s`
		<section class="card" aria-labelledby="names-heading">
			<h2 id="names-heading">Names of recordings</h2>
			${e.loaded.value&&s`
				<form onSubmit=${a} onInput=${()=>o(!1)}>
					<${T} id="file-name" label="File name" defaultValue=${e.get("file_name")??Xn} autocomplete="off" spellcheck=${!1} error=${l(i.error)}
						hint="{date}, {time}, {title}, {type}, {host} and {id} are replaced. Recordings that are stored already keep their names." />
					<${T} id="time-zone" label="Time zone" defaultValue=${e.get("time_zone")??"UTC"} list="time-zones" autocomplete="off" spellcheck=${!1} error=${l(n.error)} />
					<datalist id="time-zones">${Intl.supportedValuesOf("timeZone").map(c=>s`<option key=${c} value=${c} />`)}</datalist>
					<div class="actions">
						<${d} type="submit" kind="quiet" busy=${n.busy||i.busy}>Save</${d}>
						<span role="status">${r&&"Saved."}</span>
					</div>
				</form>`}
		</section>`}var ol="https://id.atlassian.com/manage-profile/security/api-tokens?autofillToken&expiryDays=max&appId=mcp-v2&selectedScopes=all";function es({workspace:t,connection:e,onDone:r}){let[o,n]=g(e?.settings?.method??"token"),i=N(null);return x(()=>{i.current?.querySelector("input:checked")?.focus()},[]),s`
		<div class="loom-connect" ref=${i}>
			<p>Uploads use Atlassian’s official MCP server. Nobody has tried that with this program and a real account
			yet${!t.requiresLoom&&"; if it fails, you still get each file to upload yourself"}.</p>
			<fieldset class="choices">
				<legend>How to connect</legend>
				${Object.entries(Qt).map(([a,l])=>s`
					<label class="check-box" key=${a}>
						<input type="radio" name="loom-method" value=${a} checked=${o===a} onChange=${()=>n(a)} />
						<span>${l}${a==="token"&&s`<span class="muted"> (recommended)</span>`}</span>
					</label>`)}
			</fieldset>
			${o==="oauth"?s`<${al} workspace=${t} onDone=${r} />`:s`<${nl} key=${o} workspace=${t} connection=${e} method=${o} onDone=${r} />`}
		</div>`}function nl({workspace:t,connection:e,method:r,onDone:o}){let n=t.db.collection("connections"),{run:i,busy:a,error:l}=k(async h=>{let $=w=>String(h.get(w)??"").trim(),y={method:r,...r==="token"&&{email:$("loom-email")},site:$("loom-site")},S={secret:$("loom-secret"),settings:y},v=e?await n.update(e.id,S):await n.create({provider:"loom",...S});t.connections.put(v),$t(),o()}),c=h=>{h.preventDefault(),i(new FormData(h.currentTarget))},m=r==="token",u=l?L(l,"secret"):"",f=e?.settings;return s`
		<form onSubmit=${c}>
			${m?s`<${sl} />`:s`<${il} />`}
			${m&&s`
				<${T} id="loom-email" label="E-mail address at Atlassian" type="email" required autocomplete="off" spellcheck=${!1}
					defaultValue=${f?.email??t.user.email} />`}
			<${T} id="loom-secret" label=${Qt[r]} type="password" required autocomplete="off" spellcheck=${!1} error=${u} />
			<${T} id="loom-site" label="Atlassian site (optional)" autocomplete="off" spellcheck=${!1} placeholder="your-team.atlassian.net"
				defaultValue=${f?.method===r?f.site??"":""} hint="If you have several sites, you can also choose one afterwards." />
			${l&&!u&&s`<${p}>${b(l)}</${p}>`}
			<div class="actions">
				<${d} type="submit" busy=${a}>${a?"Connecting\u2026":"Connect"}</${d}>
				<${d} kind="quiet" onClick=${o}>Cancel</${d}>
			</div>
		</form>`}var sl=()=>s`
	<p><${j} href=${ol}>Create an API token at Atlassian</${j}> for the app <strong>Rovo MCP V2</strong> with all
	scopes, as the link preselects. Needed are <code>read:me</code>, <code>read:account</code>, <code>read:loom:agent-interface</code>
	${" "}and <code>write:loom:agent-interface</code>. Tokens of other apps don’t work. They expire after a year at most.</p>
	<p>An organization admin must allow API tokens under Rovo → Rovo MCP server → Authentication.</p>`,il=()=>s`
	<p>An organization admin creates service accounts and their API keys in <${j} href="https://admin.atlassian.com">Atlassian
	Administration</${j}>. The key needs the Loom scopes for reading and writing. Organization API keys don’t work.</p>
	<p>The service account owns the videos that it uploads. Let your workspace watch them, or you can’t either.</p>`;function al({workspace:t,onDone:e}){let{run:r,busy:o,error:n}=k(()=>he(t)),i=Zr(location);return s`
		<div class="loom-connect">
			${i.text&&s`<${p} kind="note">${i.text}</${p}>`}
			${i.isPossible&&s`<p>You sign in on Atlassian’s page, allow access to one site, and return here.</p>`}
			<div class="actions">
				${i.isPossible&&s`
					<${d} kind=${i.isLocal?"primary":"quiet"} busy=${o} onClick=${r}>${o?"Opening Atlassian\u2026":"Connect Atlassian"}</${d}>`}
				<${d} kind="quiet" onClick=${e}>Cancel</${d}>
			</div>
			${n&&s`<${p}>${b(n)}</${p}>`}
		</div>`}function ts({workspace:t,connection:e,onReplace:r}){let{site:o,sites:n}=e.details??{},i=(n??[]).length<2;return s`
		<dl class="facts">
			<div><dt>Connected with</dt><dd>${Yr(e)}</dd></div>
			${o&&i&&s`<div><dt>Site</dt><dd>${o.name||o.url}</dd></div>`}
			<div><dt>Can</dt><dd>${Vr(e)}</dd></div>
			${e.checked_at&&s`<div><dt>Checked</dt><dd>${H(e.checked_at,I(e.checked_at))}</dd></div>`}
		</dl>
		<${ll} workspace=${t} connection=${e} />
		<${dl} workspace=${t} connection=${e} />
		<${pl} workspace=${t} connection=${e} onReplace=${r} />`}function ll({workspace:t,connection:e}){let{status:r,reason:o,details:n}=e;if(r==="checking")return s`<p class="muted">Atlassian is asked what this connection can do.</p>`;let i=[n?.message,n?.advice].filter(Boolean).join(" ")||o;if(!i)return Ye(e)&&s`<p>Recordings are uploaded to Loom for you.</p>`;let a=re(n?.link);return s`
		<${p} kind=${r==="invalid"?"problem":"note"}>
			${i}${a&&s`${" "}<${j} href=${a}>Open ${new URL(a).host}</${j}>`}
		</${p}>
		${!Ye(e)&&r!=="unchecked"&&s`<p class="muted">${cl(t,e)}</p>`}`}function cl({requiresLoom:t},e){return t?"Until then, uploads to Loom fail.":`Until then, you upload copied videos to Loom yourself.${gt(e)?" Its link is found by title and length.":""}`}function dl({workspace:t,connection:e}){let r=e.details?.sites??[],o=e.details?.site?.id??"",{run:n,busy:i,error:a}=k(async c=>{let m={...e.settings,site:c};t.connections.put(await t.db.collection("connections").update(e.id,{settings:m}))});return!r.length&&e.details?.state==="choose_site"?s`<${ul} site=${e.settings?.site??""} busy=${i} error=${a} onSave=${n} />`:r.length<2?null:s`
		<div class="field">
			<label for="loom-sites">Atlassian site</label>
			<select id="loom-sites" value=${o} disabled=${i||e.status==="checking"} onChange=${c=>n(c.currentTarget.value)}>
				${!o&&s`<option value="">Choose a site</option>`}
				${r.map(({id:c,name:m,url:u})=>s`<option key=${c} value=${c}>${m||u}</option>`)}
			</select>
			${a&&s`<p class="error" role="alert">${b(a)}</p>`}
		</div>`}function ul({site:t,busy:e,error:r,onSave:o}){return s`
		<form onSubmit=${i=>{i.preventDefault(),o(String(new FormData(i.currentTarget).get("loom-site")).trim())}}>
			<${T} id="loom-site" label="Atlassian site" required autocomplete="off" spellcheck=${!1} placeholder="your-team.atlassian.net"
				defaultValue=${t} error=${r?b(r):""} />
			<${d} type="submit" kind="quiet" busy=${e}>Use this site</${d}>
		</form>`}function pl({workspace:t,connection:e,onReplace:r}){let{db:o,connections:n}=t,i=k(async()=>n.put(await o.send("/api/loom/check",{method:"POST"}))),a=k(()=>he(t)),l=i.busy||e.status==="checking",c=e.settings?.method==="oauth",m=e.status==="invalid"&&e.details?.state==="reconnect",u=i.error??a.error;return s`
		<div class="actions">
			${m&&s`<${d} busy=${a.busy} onClick=${c?a.run:r}>Connect again</${d}>`}
			<${d} kind="quiet" busy=${l} onClick=${i.run}>${l?"Checking\u2026":"Check again"}</${d}>
			<${d} kind="quiet" aria-label="Change: Loom" onClick=${r}>Change</${d}>
			<${yr} workspace=${t} connection=${e} />
		</div>
		${u&&s`<${p}>${b(u)}</${p}>`}`}function yr({workspace:{db:t,connections:e,requiresLoom:r},connection:o}){return s`
		<${F} label="Disconnect" subject="Loom" action=${async()=>{await t.collection("connections").delete(o.id),e.remove(o.id)}} question=${`Disconnect Loom? Videos that are on Loom are kept. ${r?"Later transfers to Loom fail.":"You upload the files of later transfers yourself."}`} />`}function rs({workspace:t}){let{value:e,save:r,error:o,loaded:n}=ee(t.preferences,"loom",{}),{visibility:i="owner",folder:a=ho}=e,l=c=>r(fo({visibility:i,folder:a,...c}));return s`
		<h3>Uploaded videos</h3>
		<${At} id="loom-visibility" label="Who can watch them" value=${i} disabled=${!n} onChange=${c=>l({visibility:c})} />
		<${_t} workspace=${t} id="loom-folder" label="Folder" value=${a} disabled=${!n} onChange=${c=>l({folder:c})} />
		<p class="hint">These apply to videos that are uploaded from now on. Each rule and each upload can choose others.</p>
		${o&&s`<p class="error" role="alert">${L(o,"value")||b(o)}</p>`}`}function os({workspace:t}){let{run:e,busy:r,error:o}=k(()=>he(t));return Or.value?s`
		<${p}>${o?b(o):Qr(location)}</${p}>
		<div class="actions">
			<${d} kind="quiet" busy=${r} onClick=${e}>Sign in again</${d}>
			<${d} kind="link" onClick=${$t}>Dismiss</${d}>
		</div>`:null}var ns=({workspace:t})=>Y.value.loomUploader==="handover"?s`<${ml} workspace=${t} />`:s`<${hl} workspace=${t} />`;function ml({workspace:t}){let e=t.connections.find(({provider:r})=>r==="loom");return s`
		<section class="card" aria-labelledby="loom-heading">
			<div class="card-head"><h2 id="loom-heading">Loom</h2><${Q} tone="plain">No key needed</${Q}></div>
			<p>Copied videos wait for you. You upload each on Loom’s website and paste the link that Loom gives you.</p>
			${e&&s`
				<p class="muted">This server uses the connection that you have saved only to find and check your videos, not to upload.</p>
				<${yr} workspace=${t} connection=${e} />`}
		</section>`}function hl({workspace:t}){let[e,r]=g(!1),o=N(null),n=t.loom,i=()=>{r(!1),o.current?.focus({preventScroll:!0})};return s`
		<section class="card" aria-labelledby="loom-heading">
			<div class="card-head">
				<h2 id="loom-heading" tabindex="-1" ref=${o}>Loom</h2>
				<${He} connection=${n} />
			</div>
			${!n&&s`
				<p>${t.requiresLoom?"Uploads to Loom need a connection on this server.":"Without a connection, copied videos wait for you. You upload each on Loom\u2019s website and paste the link that Loom gives you."}
				${" "}With a connection to Atlassian, which Loom belongs to, this server uploads the files for you.</p>`}
			${!e&&s`<${os} workspace=${t} />`}
			${n&&!e&&s`<${ts} workspace=${t} connection=${n} onReplace=${()=>r(!0)} />`}
			${e&&s`<${es} workspace=${t} connection=${n} onDone=${i} />`}
			${!n&&!e&&s`<${d} kind="quiet" onClick=${()=>r(!0)}>Connect Loom</${d}>`}
			${Ye(n)&&!e&&s`
				<${So} workspace=${t} id="waiting" />
				<${rs} workspace=${t} />`}
		</section>`}function jt({workspace:t,provider:e,id:r,title:o,purpose:n,summary:i,fields:a,read:l}){let c=t.connections.find(w=>w.provider===e),[m,u]=g(!1),f=t.db.collection("connections"),{run:h,busy:$,error:y}=k(async w=>{let _=l(w),A=c?await f.update(c.id,_):await f.create({provider:e,..._});t.connections.put(A),u(!1)}),S=w=>{w.preventDefault(),h(new FormData(w.currentTarget))},v=async()=>{c&&(await f.delete(c.id),t.connections.remove(c.id))};return s`
		<section class="card" aria-labelledby=${`${r}-heading`}>
			<div class="card-head">
				<h2 id=${`${r}-heading`}>${o}</h2>
				<${He} connection=${c} />
			</div>
			<p>${c?i(c.settings??{}):n}</p>
			${c?.reason&&s`<${p} kind=${c.status==="invalid"?"problem":"note"}>${c.reason}</${p}>`}
			${m?s`
				<form onSubmit=${S}>
					${a(c?.settings??{},!!c)}
					<div class="actions">
						<${d} type="submit" busy=${$}>${$?"Testing\u2026":"Save"}</${d}>
						<${d} kind="quiet" onClick=${()=>u(!1)}>Cancel</${d}>
					</div>
					${y&&s`<${p}>${b(y)}</${p}>`}
				</form>`:s`
				<div class="actions">
					<${d} kind="quiet" aria-label=${`${c?"Change":"Add"}: ${o}`} onClick=${()=>u(!0)}>${c?"Change":"Add"}</${d}>
					${c&&s`<${F} label="Remove" subject=${o} action=${v} question="Remove these settings?" />`}
				</div>`}
		</section>`}function ss({workspace:t}){return s`<${jt} workspace=${t} provider="smtp" id="mail-server" title="Mail server"
		purpose="Notifications can be sent through a mail server of your own."
		summary=${e=>`Sends from ${e.from} through ${e.host}, port ${e.port}.`}
		fields=${fl} read=${$l} />`}function fl(t,e){return s`
		<${T} id="mail-host" label="Host" defaultValue=${t.host??""} placeholder="smtp.example.com" required autocomplete="off" spellcheck=${!1} />
		<${T} id="mail-port" label="Port" defaultValue=${t.port??587} inputmode="numeric" required autocomplete="off" hint="25, 465, 587 or 2525." />
		<div class="field">
			<label for="mail-security">Encryption</label>
			<select id="mail-security" name="mail-security">
				<option value="starttls" selected=${t.security!=="tls"}>STARTTLS</option>
				<option value="tls" selected=${t.security==="tls"}>TLS (usually port 465)</option>
			</select>
		</div>
		<${T} id="mail-username" label="User name" defaultValue=${t.username??""} required autocomplete="off" spellcheck=${!1} />
		<${T} id="mail-password" label="Password" type="password" required=${!e} autocomplete="new-password" hint=${e?"Leave it blank to keep the saved one.":""} />
		<${T} id="mail-from" label="Sender" defaultValue=${t.from??""} placeholder="ada@example.com" required autocomplete="off" spellcheck=${!1} />`}function $l(t){let e=o=>String(t.get(o)??"").trim();return{settings:{host:e("mail-host"),port:Number(e("mail-port")),security:e("mail-security"),username:e("mail-username"),from:e("mail-from")},...e("mail-password")&&{secret:e("mail-password")}}}var gl={on:"Problems and recordings that are ready are shown while Fathom-to-Loom is open in a tab.",off:"",blocked:"Your browser blocks notifications of this site. Allow them in the browser\u2019s settings for this site.",unsupported:"This browser shows notifications only if the site is opened with HTTPS."};function is({workspace:{notifications:t}}){let e=t.state.value,{run:r,busy:o}=k(n=>t.choose(n));return s`
		<fieldset class="choices">
			<legend>In this browser</legend>
			<${ie} label="Show notifications" checked=${e==="on"} disabled=${o||e==="blocked"||e==="unsupported"} onChange=${r} />
			<p class="hint" role="status">${gl[e]}</p>
		</fieldset>`}var kl={failed:"When there is a problem, or something stops",your_turn:"When it is your turn to upload a recording to Loom",digest:"Every Monday, a summary of the week"},bl={failed:!0,your_turn:!0,digest:!1};function ls({workspace:t}){let{value:e,save:r,error:o,loaded:n}=ee(t.preferences,"notify"),i={...bl,...e};return s`
		<section class="card" aria-labelledby="notifications-heading">
			<h2 id="notifications-heading">Notifications</h2>
			<fieldset class="choices" disabled=${!n}>
				<legend>Send e-mail to ${t.user.email}</legend>
				${Object.entries(kl).map(([a,l])=>s`
					<${ie} key=${a} label=${l} checked=${i[a]} onChange=${c=>r({...i,[a]:c})} />`)}
			</fieldset>
			${o&&s`<${p}>${b(o)}</${p}>`}
			<${yl} workspace=${t} />
			<${is} workspace=${t} />
		</section>`}function yl({workspace:t}){let e=t.connections.find(({provider:r})=>r==="smtp");return!t.connections.loaded.value||e&&e.status!=="invalid"?null:Y.value.mail?t.isVerified.value?null:s`
		<p class="hint">Your address is not confirmed, so this server sends no notifications to it. Confirm it, or add a mail server of your own below.</p>
		<${wl} workspace=${t} />`:s`<p class="hint">This server sends no e-mail. Add a mail server of your own below.</p>`}function wl({workspace:t}){return x(()=>{let e=()=>!document.hidden&&t.checkVerified().catch(()=>{}),r=["visibilitychange","focus"];for(let o of r)addEventListener(o,e);return e(),()=>r.forEach(o=>removeEventListener(o,e))},[t]),s`<${Me} email=${t.user.email} label="Send me a confirmation link" />`}var as=20;function cs({workspace:t}){let e=J(()=>{let o=t.db.collection("notices");return new Oe(t.streams.database,"notices",async()=>(await o.getList(1,as,{sort:"-created"})).items)},[]);x(()=>(e.start(),()=>e.stop()),[e]);let r=[...e.records.value.values()].sort((o,n)=>n.created.localeCompare(o.created)).slice(0,as);return e.error.value?s`<${p}>${e.error.value}</${p}>`:r.length?s`
		<section class="card" aria-labelledby="notices-heading">
			<h2 id="notices-heading">Latest</h2>
			<ul class="notices">
				${r.map(o=>s`
					<li key=${o.id}>
						<${vl} notice=${o} meeting=${t.titleByRecording.value.get(o.recording_id)} />
						${" "}<span class="muted">${H(o.created,I(o.created))}</span>
					</li>`)}
			</ul>
		</section>`:null}var vl=({notice:t,meeting:e})=>e?s`<a href=${de(e.id)}>${t.text}</a>`:t.text;var xl={google:"Google",github:"GitHub",fathom:"Fathom",loom:"Loom",smtp:"your mail server",webhook:"your webhook"},Le=t=>xl[t]??t,Sl={password:"a password",otp:"a code sent by e-mail"},Tl={sign_in:t=>`Signed in with ${Sl[t]??Le(t)}`,sign_in_failed:(t,e)=>`${e>1?`${e} sign-ins`:"A sign-in"} failed because of a wrong ${t==="otp"?"code":"password"}`,password_changed:()=>"Password changed",email_changed:()=>"E-mail address changed",sessions_ended:()=>"Signed out everywhere",two_step_on:()=>"Two-step sign-in turned on",two_step_off:()=>"Two-step sign-in turned off",oauth2_linked:t=>`Sign-in with ${Le(t)} added`,oauth2_unlinked:t=>`Sign-in with ${Le(t)} removed`,token_created:t=>`API token \u201C${t}\u201D created`,token_revoked:t=>`API token \u201C${t}\u201D revoked`,tokens_revoked:t=>t==="1"?"An API token was revoked":`${t} API tokens were revoked`,share_created:t=>`Link to recording ${t} created`,share_changed:t=>`Link to recording ${t} changed`,share_revoked:t=>`Link to recording ${t} revoked`,assistant_connected:t=>`Access given to the assistant ${t}`,assistant_disconnected:t=>`Access of the assistant ${t} revoked`,assistant_reused:t=>`Access of the assistant ${t} revoked, because a code or token of it was used twice`,connection_added:t=>`Connection to ${Le(t)} added`,connection_replaced:t=>`Connection to ${Le(t)} replaced`,connection_changed:t=>`Connection to ${Le(t)} changed`,connection_removed:t=>`Connection to ${Le(t)} removed`,database_opened:()=>"Your data was opened",titles_shown:()=>"Titles of your jobs were shown",database_exported:()=>"Your data was exported",meetings_exported:()=>"Meetings were downloaded",database_imported:()=>"Your data was imported",database_archived:()=>"Your data was archived",database_restored:t=>t==="backup"?"Your data was restored from a backup":"Your data was restored",deletion_scheduled:()=>"Deletion of your data requested",deletion_undone:()=>"Deletion of your data cancelled",database_deleted:()=>"Your data was deleted"};function Cl({actor:t,actor_email:e}){return t==="superuser"?` by the administrator ${e}`:t==="operator"?" by the operator of this server":t==="server"?" by this server":""}function us(t){let e=Tl[t.event]?.(t.detail,t.count)??t.event.replaceAll("_"," "),r=t.count>1&&t.event!=="sign_in_failed"?` (${t.count} times)`:"";return`${e}${Cl(t)}${r}.`}var Al=[[/\bEdg(e|A|iOS)?\//,"Edge"],[/\bOPR\//,"Opera"],[/\b(Firefox|FxiOS)\//,"Firefox"],[/\b(HeadlessChrome|Chrome|CriOS|Chromium)\//,"Chrome"],[/\bSafari\//,"Safari"]],_l=[[/\b(iPhone|iPad)\b/,"iOS"],[/\bAndroid\b/,"Android"],[/\bWindows\b/,"Windows"],[/\bMac OS X\b/,"macOS"],[/\bLinux\b/,"Linux"]],ds=(t,e)=>t.find(([r])=>r.test(e))?.[1]??"";function ps({address:t,user_agent:e}){let r=ds(Al,e),o=r&&ds(_l,e);return[t,r&&o?`${r} on ${o}`:r].filter(Boolean).join(", ")}var Rl=20;function wr({id:t,title:e,events:r=[],onReady:o}){let[n,i]=g(null),[a,l]=g(!1),{run:c,busy:m,error:u}=k(async()=>{let f=(n?.length??0)+Rl,h=await E.collection("audit_events").getList(1,f+1,{sort:"-last_at,-@rowid",skipTotal:!0,filter:r.map($=>`event = '${$}'`).join(" || ")});i(h.items.slice(0,f)),l(h.items.length>f)});return x(()=>{c().then(o)},[]),s`
		<section class="card" aria-labelledby=${`${t}-heading`}>
			<h2 id=${`${t}-heading`}>${e}</h2>
			<p class="muted">${r.length?"If you don\u2019t recognize a sign-in, change your password.":"If you don\u2019t recognize something, change your password and your Fathom API key."}</p>
			${!n&&!u&&s`<${B} label="Loading activity" />`}
			${n&&s`
				<ul class="notices">
					${n.map(f=>s`<li key=${f.id}><${Pl} event=${f} /></li>`)}
				</ul>`}
			${n?.length===0&&s`<p>Nothing is recorded yet.</p>`}
			${u&&s`<${p}>${b(u)} <${d} kind="link" onClick=${c}>Try again</${d}></${p}>`}
			${a&&s`<${d} kind="quiet" busy=${m} onClick=${c}>Show more</${d}>`}
		</section>`}function Pl({event:t}){let e=ps(t);return s`
		${us(t)}${" "}
		<span class="muted">${H(t.last_at,I(t.last_at))}${e&&` from ${e}`}</span>`}function ms({workspace:{user:t,isVerified:e}}){let[r,o]=g(""),{run:n,busy:i,error:a}=k(Do),l=async m=>{m.preventDefault();let u=m.currentTarget,f=String(new FormData(u).get("new-email")).trim();o(""),await n(f)&&(o(f),u.reset())},c=L(a,"newEmail");return s`
		<section class="card" aria-labelledby="email-heading">
			<h2 id="email-heading">E-mail address</h2>
			<p><strong>${t.email}</strong> ${e.value?"(confirmed)":"(not confirmed)"}</p>
			${Y.value.mail?s`
					${!e.value&&s`<${Me} email=${t.email} label="Send the link that confirms it" />`}
					<form onSubmit=${l}>
						<${T} id="new-email" label="New e-mail address" type="email" required autocomplete="email" error=${c} />
						${a&&!c&&s`<${p}>${q(a)}</${p}>`}
						<${d} type="submit" kind="quiet" busy=${i}>Change address</${d}>
					</form>
					${r&&s`<${p} kind="note">Open the link in the message that was sent to ${r}. Until then, you sign in as before.</${p}>`}`:s`<p>This server can’t send e-mail, so it can’t check a new address. Ask <${Se} /> to change yours.</p>`}
		</section>`}function hs({email:t,providers:e}){let[r,o]=g(!1),{run:n,busy:i,error:a}=k(oo),l=async u=>{u.preventDefault();let f=u.currentTarget,h=new FormData(f);o(!1),await n(String(h.get("old-password")),String(h.get("new-password")))&&(f.reset(),o(!0))},c=L(a,"oldPassword"),m=L(a,"password");return s`
		<section class="card" aria-labelledby="password-heading">
			<h2 id="password-heading">Password</h2>
			<p class="muted">Changing it signs out all other browsers, and revokes all API tokens and the access of assistants.</p>
			<form onSubmit=${l}>
				<${T} id="old-password" label="Current password" type="password" required autocomplete="current-password" error=${c} />
				<${zt} id="new-password" email=${t} error=${m} />
				${a&&!c&&!m&&s`<${p}>${b(a)}</${p}>`}
				<${d} type="submit" kind="quiet" busy=${i}>Change password</${d}>
			</form>
			${r&&s`<${p} kind="note">Your password was changed. You are still signed in here.</${p}>`}
			${e.length>0&&s`<${Ll} email=${t} />`}
		</section>`}function Ll({email:t}){let[e,r]=g(!1),{run:o,busy:n,error:i}=k(Rt),a=async()=>r(await o(t));return Y.value.mail?s`
		<div>
			<p>You have never set a password? <${d} kind="link" busy=${n} onClick=${a}>Send a link to choose one</${d}></p>
			<p class="muted" role="status">${e&&`A link is on its way to ${t}.`}</p>
			${i&&s`<${p}>${q(i)}</${p}>`}
		</div>`:s`<p>You have never set a password? Ask <${Se} /> for one.</p>`}var El=()=>E.send("/api/account/two-step/code",{method:"POST"});function fs({workspace:t,security:{two_step:e,two_step_available:r},onChange:o}){let[n,i]=g(void 0),a=N(null);x(()=>{n===!1&&a.current?.querySelector("button")?.focus()},[n]);let l=async(u,f)=>{await E.send("/api/account/two-step",{method:"POST",body:{on:!e,otpId:u,code:f}}),await o(),i(!1)},c=e?"Turn off":"Turn on",m=r&&(e||t.isVerified.value);return s`
		<section class="card" aria-labelledby="two-step-heading" ref=${a}>
			<h2 id="two-step-heading">Two-step sign-in</h2>
			<p role="status"><strong>${e?"On.":"Off."}</strong> ${e?"Whoever signs in to your account also needs a code that is sent to your e-mail address.":"If it is on, whoever signs in to your account also needs a code that is sent to your e-mail address. Somebody who only knows your password stays out."}</p>
			${!r&&s`<p>${e?s`This server can’t send codes at the moment. Ask <${Se} /> before you sign out.`:"This server can\u2019t send codes."}</p>`}
			${r&&!m&&s`<p>Confirm your e-mail address first, above.</p>`}
			${m&&!n&&s`<${d} kind="quiet" onClick=${()=>i(!0)}>${c}</${d}>`}
			${m&&n&&s`
				<${co} id="two-step-code" send=${El} submit=${l} label=${c} onCancel=${()=>i(!1)} cancelLabel="Cancel" />`}
		</section>`}function $s({workspace:t}){let[e,r]=g(null),{run:o,error:n}=k(async()=>{let l=await E.send("/api/account/security",{});t.isVerified.value=l.verified,r(l)}),[i,a]=g(!1);return x(()=>{o()},[]),s`
		<${ms} workspace=${t} />
		${!e&&!n&&s`<${B} label="Loading security" />`}
		${n&&s`<${p}>${b(n)} <${d} kind="link" onClick=${o}>Try again</${d}></${p}>`}
		${e&&s`
			<${hs} email=${t.user.email} providers=${e.providers} />
			<${fs} workspace=${t} security=${e} onChange=${o} />
			<${Fl} />`}
		${(e||n)&&s`<${wr} id="sign-ins" title="Recent sign-ins" events=${lo} onReady=${()=>a(!0)} />`}
		${i&&s`<${wr} id="activity" title="Recent activity" />`}`}function Fl(){let[t,e]=g(!1);return s`
		<section class="card" aria-labelledby="sign-out-heading">
			<h2 id="sign-out-heading">Sign out everywhere</h2>
			<p>Signs out all other browsers and devices at once, and revokes all API tokens and the access of assistants. You stay signed in here.</p>
			<${F} label="Sign out everywhere else" question="Scripts and assistants that use a token stop working. Sign out everywhere else?"
				action=${async()=>{await no(),e(!0)}} />
			<p class="muted" role="status">${t&&"All other browsers and devices were signed out."}</p>
		</section>`}var Il=86400,Dl=[0,1,7,30,90,365];function gs({workspace:{preferences:t}}){let{value:e,save:r,error:o,loaded:n}=ee(t,"keep_recordings"),i=Number(e)||0;return s`
		<div class="field">
			<label for="retention">Keep videos that are on Loom</label>
			<select id="retention" value=${String(i)} disabled=${!n} aria-describedby="retention-hint"
				onChange=${a=>r(Number(a.currentTarget.value)||void 0)}>
				${[...new Set([...Dl,i])].map(a=>s`
					<option key=${a} value=${String(a)}>${a?ht(a*Il):"For ever"}</option>`)}
			</select>
			<p class="hint" id="retention-hint">After this time, the copy of a video that is stored here is deleted, also of those that were delivered before.
			Videos that are not on Loom yet, or whose link could not be checked, are kept.</p>
			${o&&s`<p class="error" role="alert">${b(o)}</p>`}
		</div>`}var ks=10,Bl=40,ql=50;function bs({workspace:t,onDelete:e}){let{db:r}=t,[o,n]=g([]),[i,a]=g(0),[l,c]=g(ks),{run:m,busy:u,error:f}=k(async(w=ks)=>{let _=[];for(let A=1;(A-1)*ql<w;A++)_.push(await r.send("/api/usage/meetings",{query:{page:A}}));n(_.flatMap(({items:A})=>A).slice(0,w)),a(_[0].totalItems),c(w)});x(()=>{m()},[]);let[h,$]=g(new Set),y=(w,_)=>{let A=new Set(h);_?A.add(w):A.delete(w),$(A)},S=async w=>{try{for(let _ of w)await r.collection("recordings").delete(_)}finally{$(new Set([...h].filter(_=>!w.includes(_)))),await m(l),e()}},v=o.filter(({recording:w,video:_})=>_>0&&h.has(w));return s`
		${f&&s`<${p}>${b(f)} <${d} kind="link" onClick=${()=>m(l)}>Try again</${d}></${p}>`}
		${o.length>0&&s`
			<h3>Largest meetings</h3>
			<ul class="videos">
				${o.map(w=>s`<${Ml} key=${w.meeting} workspace=${t} usage=${w} isChosen=${h.has(w.recording)}
					onChoose=${_=>y(w.recording,_)} onDelete=${()=>S([w.recording])} />`)}
			</ul>
			${v.length>0&&s`<${Ol} workspace=${t} selected=${v} action=${()=>S(v.map(({recording:w})=>w))} />`}
			${o.length<i&&s`
				<p class="more">
					<${d} kind="quiet" busy=${u} onClick=${()=>m(l+Bl)}>Show more</${d}>
					<span class="muted">${o.length} of ${R(i,"meeting")}</span>
				</p>`}`}`}function Ol({workspace:t,selected:e,action:r}){let o=Z(e.reduce((a,{video:l})=>a+l,0)),n=e.filter(({recording_id:a})=>t.transferOf(a)?.status!=="delivered").length,i=n?` ${R(n,"of them is","of them are")} not on Loom yet. You can copy ${n===1?"it":"them"} again.`:" The videos on Loom are kept.";return s`
		<${F} label=${`Delete ${R(e.length,"video")} (${o})`} confirmLabel="Delete" action=${r}
			question=${`Delete ${R(e.length,"video")} and free ${o}?${i}`} />`}function Ml({workspace:t,usage:e,isChosen:r,onChoose:o,onDelete:n}){let i=t.transferOf(e.recording_id),a=e.title||"Untitled meeting",{label:l}=t.stateOf(e.recording_id),c=[e.video>0&&`${Z(e.video)} video`,`${Z(e.text)} text`,l].filter(Boolean);return s`
		<li>
			<input type="checkbox" aria-label=${`Select: ${a}`} checked=${r} disabled=${!(e.video>0)}
				onChange=${m=>o(m.currentTarget.checked)} />
			<div>
				<a dir="auto" href=${de(e.meeting)}>${a}</a>
				<p class="muted">${c.join(" \xB7 ")}</p>
			</div>
			${e.video>0&&s`
				<${F} label="Delete video" subject=${a} action=${n} question=${zl(e,i?.status==="delivered")} />`}
		</li>`}function zl({video:t},e){return`Delete this video and free ${Z(t)}? ${e?"The video on Loom is kept.":"It is not on Loom yet. You can copy the meeting again."}`}function ys({workspace:t}){let[e,r]=g(null),{run:o,error:n}=k(async()=>r(await t.db.send("/api/usage",{})));return x(()=>{o()},[]),s`
		<section class="card" aria-labelledby="storage-heading">
			<h2 id="storage-heading">Storage</h2>
			${n&&s`<${p}>${b(n)} <${d} kind="link" onClick=${o}>Try again</${d}></${p}>`}
			${!e&&!n&&s`<${B} label="Loading storage use" />`}
			${e&&s`<${Nl} bytes=${e.bytes} quota=${e.quota} />`}
			<p class="muted">Your meetings, transcripts and videos are stored in your own database. To free space, delete
			videos. Summaries and transcripts are kept.</p>
			<${gs} workspace=${t} />
			<${bs} workspace=${t} onDelete=${o} />
		</section>`}function Nl({bytes:t,quota:e}){if(!e)return s`<p><strong>${Z(t)}</strong> used.</p>`;let r=t>=e;return s`
		<div class="progress">
			<progress aria-label="Storage used" max="1" value=${Math.min(t/e,1)} />
			<p><strong>${Z(t)}</strong> of ${Z(e)} used (${Dr(t/e)}).</p>
		</div>
		${r&&s`<${p}>Your storage is full. Delete videos to copy more.</${p}>`}`}var vr={kind:"fathom.sync",payload:{}},ws=({kind:t,payload:e})=>t===vr.kind&&!e?.full,vs=t=>t?{every:t,enabled:!0}:{enabled:!1},xs=t=>t?.enabled?t.every:0;var Ss={0:"Never",3600:"Every hour",21600:"Every 6 hours",86400:"Every day"};function Ts({workspace:t}){let e=E.collection("job_schedules"),r=J(()=>new Oe(t.streams.global,"job_schedules",()=>e.getFullList()),[]);x(()=>(r.start(),()=>r.stop()),[r]);let o=r.find(ws),[n,i]=g(""),{run:a,busy:l,error:c}=k(async S=>{if(!o&&!S)return;let v=vs(S),w=o?e.update(o.id,v):e.create({...vr,...v});r.put(await w)}),m=S=>{i(S.currentTarget.value),a(Number(S.currentTarget.value))},u=String(xs(o)),f=u!=="0",h={...Ss,[u]:Ss[u]??`Every ${De(Number(u))}`},$=f&&o?.stopped,y=c?b(c):r.error.value||o?.error;return s`
		<div class="field">
			<label for="auto-sync">Sync automatically</label>
			<select id="auto-sync" value=${l?n:u} disabled=${l||!r.loaded.value} aria-describedby="auto-sync-hint" onChange=${m}>
				${Object.entries(h).map(([S,v])=>s`<option key=${S} value=${S}>${v}</option>`)}
			</select>
			<p class="hint" id="auto-sync-hint" aria-live="polite">${f&&!$&&o?.next_run_at?`Next sync ${Fr(o.next_run_at,I())}.`:""}</p>
			${$&&s`<p class="error" role="alert">${$} <${d} kind="link" busy=${l} onClick=${()=>a(o.every)}>Resume</${d}></p>`}
			${y&&s`<p class="error" role="alert">${y}</p>`}
		</div>`}var lt="New meetings are found by the automatic sync.";function Cs(t,e=Date.now()){switch(t.status){case"off":return lt;case"unavailable":return`Not possible on this server: Fathom can\u2019t reach it, because it has no public https address, or its operator has turned this off. ${lt}`;case"refused":return`Fathom refused to create the webhook. Your plan or your role there may not include webhooks. ${lt}`;case"lost":return`Fathom didn\u2019t confirm the webhook, so a new one is requested after a sync. If Fathom\u2019s settings list one that you don\u2019t need, delete it there. ${lt}`;case"active":return Ul(t,e);default:return"The webhook is created after the next sync."}}function Ul({working:t,last_message_at:e},r){if(!e)return"The webhook is ready. No message has arrived yet.";let o=`The last message arrived ${H(e,r)}.`;return t?`Works. ${o}`:`Fathom hasn\u2019t reported the newest meetings. ${o} ${lt}`}var jl=["fathom.sync","fathom.webhook"];function As({workspace:t,onReady:e}){let{preferences:r,db:o,jobs:n}=t,i=ee(r,"webhook",!0),[a,l]=g(null),{run:c,error:m}=k(async()=>l(await o.send("/api/fathom-webhook",{}))),u=r.get("webhook"),f=n.all.filter(({kind:y})=>jl.includes(y)).map(({id:y,status:S})=>`${y} ${S}`).sort().join();x(()=>{c()},[u,f]);let h=!!(a||m);x(()=>{h&&e()},[h]);let $=i.error??m;return s`
		<div class="choices">
			<${ie} label="Let Fathom report new meetings" checked=${i.value} disabled=${!i.loaded||a?.status==="unavailable"}
				onChange=${y=>i.save(y?void 0:!1)} />
			<p class="hint" role="status">${a&&Cs(a,I(a.last_message_at))}</p>
			${$&&s`<p class="error" role="alert">${b($)}</p>`}
		</div>`}function _s({workspace:{preferences:t,user:e}}){let r=ee(t,"my_emails",[e.email]),{error:o}=r;return s`
		<${at} id="my-emails" label="My e-mail addresses at Fathom" entries=${r.value} disabled=${!r.loaded}
			hint="Rules for meetings “recorded by me” apply to these. Separate several by commas."
			error=${o?L(o,"value")||b(o):""}
			onSave=${n=>r.save(n.length?n:void 0)} />`}function xr({workspace:t,rule:e,onSaved:r,onCancel:o}){let{db:n}=t,i=n.collection("rules"),a=N(null),[l,c]=g(e?.deliver!==!1),m=l&&!!(t.loom||e?.options),[u,f]=g(null),h=()=>new FormData(a.current),{run:$,busy:y,error:S}=k(async()=>{let U=h(),le={name:String(U.get("rule-name")).trim(),conditions:br(U),deliver:l,options:$o(U)};r(await(e?i.update(e.id,le):i.create({...le,enabled:!0})))}),{run:v,busy:w,error:_}=k(async()=>{f(null),f(await n.send("/api/rules/test",{method:"POST",body:{conditions:br(h())}}))}),A=U=>{U.preventDefault(),$()},te=e?.conditions??{},ae=S??_;return s`
		<form class="rule-form" ref=${a} onSubmit=${A}>
			<${T} id="rule-name" label="Name" required maxlength="100" defaultValue=${e?.name??""} />
			<label class="check-box"><input type="checkbox" name="recorded_by_me" defaultChecked=${te.recorded_by_me} /> Recorded by me</label>
			${Object.entries(Ut).map(([U,le])=>s`
				<${T} key=${U} id=${U} label=${le} autocomplete="off"
					defaultValue=${(te[U]??[]).join(", ")} hint="Separate several by commas; one of them is enough." />`)}
			<div class="field">
				<label for="external">People from outside</label>
				<select id="external" name="external">
					<option value="any">Doesn’t matter</option>
					<option value="only" selected=${te.external==="only"}>Took part</option>
					<option value="none" selected=${te.external==="none"}>Did not take part</option>
				</select>
			</div>
			<${T} id="min_minutes" label="Minutes, at least" type="number" min="0" max="1440" defaultValue=${te.min_minutes??""} />
			<div class="field">
				<label for="deliver">What to do</label>
				<select id="deliver" value=${String(l)} onChange=${U=>c(U.currentTarget.value==="true")}>
					<option value="true">Upload to Loom</option>
					<option value="false">Only keep a copy here</option>
				</select>
			</div>
			${m&&s`
				<${At} id="visibility" label="Who can watch it at Loom" initial=${e?.options?.visibility} usual="As chosen for all uploads" />
				<${_t} workspace=${t} id="folder" label="Folder at Loom" initial=${e?.options?.folder} usual="As chosen for all uploads" />`}
			${ae&&s`<${p}>${b(ae)}</${p}>`}
			<div class="actions">
				<${d} type="submit" busy=${y}>Save rule</${d}>
				<${d} kind="quiet" busy=${w} onClick=${v}>Show matching meetings</${d}>
				<${d} kind="quiet" onClick=${o}>Cancel</${d}>
			</div>
			${u&&s`<${Hl} test=${u} />`}
		</form>`}function Hl({test:{matched:t,meetings:e}}){let r=e??[];return s`
		<div role="status">
			<p>${R(t,"meeting matches","meetings match")}. The rule applies to meetings that are added from now on.</p>
			<ul class="notices">${r.map(({meeting:o,title:n,recorded_at:i})=>s`
				<li key=${o}><a dir="auto" href=${de(o)}>${n||"Untitled meeting"}</a> <span class="muted">${pe(i)}</span></li>`)}</ul>
			${t>r.length&&s`<p class="muted">The newest ${r.length} are shown.</p>`}
		</div>`}function Rs({workspace:t}){let{db:e,streams:r}=t,o=e.collection("rules"),n=J(()=>new Oe(r.database,"rules",()=>o.getFullList({sort:"created,id"})),[]),[i,a]=g(null);x(()=>(n.start(),()=>n.stop()),[n]);let l=m=>{n.put(m),a(null)},c=[...n.records.value.values()].sort((m,u)=>m.created.localeCompare(u.created));return s`
		<section class="card" aria-labelledby="rules-heading">
			<div class="card-head"><h2 id="rules-heading">Automatic copies</h2></div>
			<p>New meetings that match a rule are copied without a click. The first rule that matches decides.</p>
			${n.error.value&&s`<${p}>${n.error.value}</${p}>`}
			${c.length>0&&s`
				<ul class="rules">
					${c.map(m=>s`
						<li key=${m.id}>
							${i===m.id?s`<${xr} workspace=${t} rule=${m} onSaved=${l} onCancel=${()=>a(null)} />`:s`<${Wl} workspace=${t} rules=${n} collection=${o} rule=${m} onEdit=${()=>a(m.id)} />`}
						</li>`)}
				</ul>`}
			${i===""?s`<${xr} workspace=${t} onSaved=${l} onCancel=${()=>a(null)} />`:s`<${d} kind="quiet" disabled=${!n.loaded.value} onClick=${()=>a("")}>Add rule</${d}>`}
			<${_s} workspace=${t} />
		</section>`}function Wl({workspace:t,rules:e,collection:r,rule:o,onEdit:n}){let i=xo(t,!!(o.deliver&&o.options?.folder)),{run:a,busy:l,error:c}=k(async()=>e.put(await r.update(o.id,{enabled:!o.enabled}))),m=async()=>{await r.delete(o.id),e.remove(o.id)};return s`
		<p><strong>${o.name}</strong>${!o.enabled&&" (off)"}</p>
		<p class="muted">${Qn(o.conditions)} → ${o.deliver?`upload to Loom${go(o.options,u=>i.nameOf(u))}`:"only keep a copy here"}</p>
		${o.matched>0&&s`<p class="muted">${R(o.matched,"meeting")} copied.</p>`}
		${c&&s`<${p}>${b(c)}</${p}>`}
		<div class="actions">
			<${d} kind="quiet" busy=${l} aria-label=${`${o.enabled?"Turn off":"Turn on"}: ${o.name}`} onClick=${a}>${o.enabled?"Turn off":"Turn on"}</${d}>
			<${d} kind="quiet" aria-label=${`Edit: ${o.name}`} onClick=${n}>Edit</${d}>
			<${F} label="Delete rule" subject=${o.name} question=${`Delete the rule \u201C${o.name}\u201D? What it has copied is kept.`} action=${m} />
		</div>`}function Ps({workspace:t}){let[e,r]=g(!1);return s`
		<section class="card" aria-labelledby="new-meetings-heading">
			<h2 id="new-meetings-heading">New meetings</h2>
			${t.fathom?s`<${Ts} workspace=${t} /><${As} workspace=${t} onReady=${()=>r(!0)} />`:s`<p>Save your Fathom API key first. <a href=${W("fathom")}>Connect Fathom</a></p>`}
		</section>
		${t.fathom&&e&&s`<${Rs} workspace=${t} />`}`}var Sr={"transfer.failed":"A copy or an upload fails","transfer.refetch_failed":"A file could not be fetched again","transfer.your_turn":"A recording is ready for Loom","link.mismatch":"A Loom link leads to another video","sync.failed":"A sync fails","key.refused":"Fathom refuses the key","schedule.stopped":"A schedule stops","webhook.lost":"Fathom\u2019s webhook is lost","connection.failed":"The mail server or the connection to Loom stops working",digest:"The weekly summary"};function Ls({workspace:t}){let[e]=g(Zl);return s`<${jt} workspace=${t} provider="webhook" id="webhook" title="Webhook"
		purpose="Programs of yours can receive notifications as signed messages (Standard Webhooks)."
		summary=${r=>`Sends to ${r.url}.`}
		fields=${(r,o)=>Vl(r,o?"":e)} read=${Yl} />`}function Vl(t,e){let r=t.events?.length?t.events:Object.keys(Sr);return s`
		<${T} id="webhook-url" label="Address" type="url" defaultValue=${t.url??""} placeholder="https://hooks.example.com/" required autocomplete="off" spellcheck=${!1} />
		<${T} id="webhook-secret" label="Signing secret" defaultValue=${e} required=${!!e} autocomplete="off" spellcheck=${!1}
			hint=${e?"Copy it to the receiver now; it is not shown again.":"Leave it blank to keep the saved one."} />
		<fieldset class="choices">
			<legend>Events</legend>
			${Object.entries(Sr).map(([o,n])=>s`
				<label class="check-box" key=${o}><input type="checkbox" name="webhook-event" value=${o} defaultChecked=${r.includes(o)} /> ${n}</label>`)}
		</fieldset>`}function Yl(t){let e=String(t.get("webhook-secret")??"").trim(),r=t.getAll("webhook-event").map(String);return{settings:{url:String(t.get("webhook-url")??"").trim(),events:r.length===Object.keys(Sr).length?[]:r},...e&&{secret:e}}}function Zl(){return`whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`}function Es({workspace:t}){let{run:e,busy:r,error:o}=k(async()=>{let{path:n}=await t.db.send("/api/export",{method:"POST"});vt(t.db.buildURL(n))});return s`
		<section class="card" aria-labelledby="export-heading">
			<h2 id="export-heading">Export your data</h2>
			<p>Download a zip archive with your database and all videos. PocketBase or any SQLite browser can open it. Your
			Fathom API key is not included.</p>
			<${d} kind="quiet" busy=${r} onClick=${e}><${pt} />Export data</${d}>
			${o&&s`<${p}>${b(o)}</${p}>`}
		</section>`}function Fs({workspace:t}){let[e,r]=g(!1),{deleteGrace:o}=Y.value;return s`
		<section class="card" aria-labelledby="delete-heading">
			<h2 id="delete-heading">Delete your account</h2>
			<p>Deletes your account and all meetings and videos stored here. Nothing is deleted at Fathom or Loom.
			${o>=86400&&` The operator of this server can restore your account for ${ht(o)}.`}</p>
			${e?s`<${Ql} email=${t.user.email} onCancel=${()=>r(!1)} />`:s`<${d} kind="quiet" onClick=${()=>r(!0)}>Delete account</${d}>`}
		</section>`}function Ql({email:t,onCancel:e}){let[r,o]=g(""),{run:n,busy:i,error:a}=k(so);return s`
		<form class="confirm" onSubmit=${c=>{if(c.preventDefault(),String(new FormData(c.currentTarget).get("confirm-email")).trim().toLowerCase()!==t.toLowerCase())return o("This is not the e-mail address of your account.");o(""),n()}}>
			<${T} id="confirm-email" label="Type your e-mail address to confirm" inputmode="email" autocomplete="off" spellcheck=${!1} required
				error=${r} onInput=${()=>o("")} />
			<div class="actions">
				<${d} type="submit" kind="danger" busy=${i}>Delete everything</${d}>
				<${d} kind="quiet" onClick=${e}>Cancel</${d}>
			</div>
			${a&&s`<${p}>${b(a)}</${p}>`}
		</form>`}var Is={fathom:{title:"Fathom",content:t=>s`<${Kn} workspace=${t} />`},loom:{title:"Loom",content:t=>s`<${ns} workspace=${t} /><${Jn} workspace=${t} />`},automation:{title:"Automation",content:t=>s`<${Ps} workspace=${t} />`},notifications:{title:"Notifications",content:t=>s`<${ls} workspace=${t} /><${ss} workspace=${t} /><${Ls} workspace=${t} /><${cs} workspace=${t} />`},storage:{title:"Storage",content:t=>s`<${ys} workspace=${t} />`},security:{title:"Security",content:t=>s`<${$s} workspace=${t} />`},tokens:{title:"API and assistants",content:()=>s`<${Hn} /><${Yn} />`},data:{title:"Your data",content:t=>s`<${Es} workspace=${t} /><${Fs} workspace=${t} />`},appearance:{title:"Appearance",content:()=>s`<${Wn} />`}};function Gl({workspace:t,section:e}){let{title:r,content:o}=Is[e],{connections:n}=t,i=N(null);return x(()=>{let a=i.current?.querySelector("[aria-current]");i.current&&a&&(i.current.scrollLeft=a.offsetLeft-(i.current.clientWidth-a.clientWidth)/2)},[e]),s`
		<div class="page settings">
			<nav aria-label="Settings" ref=${i}>
				${Object.entries(Is).map(([a,{title:l}])=>s`
					<a key=${a} href=${W(a)} aria-current=${a===e?"page":void 0}>${l}</a>`)}
			</nav>
			<div class="settings-section" key=${e}>
				<${V} title=${r} />
				${n.error.value&&s`<${p}>${n.error.value}</${p}>`}
				${n.loaded.value?o(t):s`<${B} label="Loading settings" />`}
			</div>
		</div>`}function Kl({token:t}){let[e,r]=g(!1),o=be(t,"email"),{run:n,error:i}=k(async()=>{await Oo(t),r(!0)});return x(()=>{o&&n()},[]),o?e?s`
			<${M} key="done" title="Your address is confirmed">
				<p>Thank you. <strong>${o}</strong> is yours.</p>
				<p><a class="button primary" href=${O("/")}>Continue</a></p>
			</${M}>`:s`
		<${M} title="Confirm your address">
			${!i&&s`<${B} label=${`Confirming ${o}`} />`}
			${ge(i)&&s`<${p}>${ge(i)}</${p}><${Me} email=${o} label="Send another link" />`}
			${i&&!ge(i)&&s`<${p}>${q(i)} <${d} kind="link" onClick=${n}>Try again</${d}></${p}>`}
		</${M}>`:s`<${M} title="Confirm your address"><${p}>This link is incomplete. Open it again from the message, or copy all of it.</${p}></${M}>`}export{Gs as ActivityPage,ri as AtlassianCallbackPage,oi as AuthorizePage,ii as ConfirmEmailPage,ai as ForgotPasswordPage,ci as HelpPage,qa as MeetingPage,Na as ResetPasswordPage,Ha as SearchPage,Gl as SettingsPage,Kl as VerifyEmailPage};
